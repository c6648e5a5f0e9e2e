import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

export const methodInput = z.object({ id: idField("paymentMethod") });
