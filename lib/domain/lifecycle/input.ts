import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import type { JobKind } from "#lib/core/jobs/define.ts";
import { momentField } from "#lib/core/moment-field.ts";

export const modelName = z.string().trim().min(1, "Name a model.").max(200);
const moment = (words: string) => momentField.pipe(z.date({ error: words }));
const changeId = idField("modelChange", "This is not the id of an announced end.");

export const proposeInput = z.object({
  model: modelName,
  replacement: modelName,
  retiresAt: moment("Say when it ends, as 2027-06-30."),
  reason: z
    .string()
    .trim()
    .min(10, "Say why, in a sentence that customers read.")
    .max(1000, "At most 1,000 characters."),
});
export const announceInput = z.object({ id: changeId });
export const withdrawInput = z.object({ id: changeId });
export const postponeInput = z.object({ id: changeId, retiresAt: moment("Say when it ends instead, as 2027-09-30.") });

/** Counts who asks models that end: at the announcement, and each night. */
export const rollingUses = { name: "models.roll-uses", payload: z.unknown() } satisfies JobKind;
