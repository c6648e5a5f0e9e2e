import type { OrderFile } from "#lib/domain/orders/view.ts";

/** A PDF to keep, never to run: it is not shown in the page's own origin. */
export const pdfOf = ({ name, bytes }: OrderFile): Response =>
  new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": "application/pdf",
      "content-disposition": `attachment; filename="order.pdf"; filename*=UTF-8''${encodeURIComponent(name)}`,
      "content-security-policy": "sandbox",
      "cache-control": "no-store",
    },
  });
