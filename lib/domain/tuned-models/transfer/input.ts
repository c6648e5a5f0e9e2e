import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { tunedModelName } from "#lib/domain/tuned-models/input.ts";

export const signTransferInput = z.object({
  model: tunedModelName,
  distributor: z.string().trim().min(2, "Who gets the model?").max(200, "At most 200 characters."),
  until: z.iso.date("A day, such as 2027-01-31."),
  confirm: z.literal("yes", "Say that you direct us to give it away."),
});
export const transferInput = z.object({ transfer: idField("modelTransfer", "There is no such transfer.") });
export const deskTransferInput = z.object({
  organization: idField("organization", "There is no such customer."),
  transfer: transferInput.shape.transfer,
});
