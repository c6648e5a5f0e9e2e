import type { OrderFile } from "#lib/domain/orders/view.ts";
import { keptHeaders } from "./stored-file.ts";

/** A signed PDF. */
export const pdfOf = ({ name, bytes }: OrderFile): Response =>
  new Response(new Uint8Array(bytes), { headers: keptHeaders(name, "application/pdf") });
