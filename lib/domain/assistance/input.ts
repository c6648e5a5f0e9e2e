import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { mostDays, mostStaff } from "./rules.ts";

const id = idField("assistanceGrant", "There is no such request.");
const organizationId = idField("organization");

/** One or several of a form's boxes. */
const several = <T extends z.ZodType>(one: T) =>
  z.preprocess((sent) => (Array.isArray(sent) ? sent : sent === undefined || sent === "" ? [] : [sent]), z.array(one));

const staffIds = several(idField("user", "There is no such person."))
  .refine((ids) => ids.length >= 1 && new Set(ids).size === ids.length, "Choose at least one person.")
  .refine((ids) => ids.length <= mostStaff, "At most 3 people.");

const days = z.coerce
  .number("Days, in whole numbers.")
  .int("Days, in whole numbers.")
  .min(1, "A day at least.")
  .max(mostDays, "At most 14 days.");

const words = (least: number, message: string) =>
  z.string().trim().min(least, message).max(500, "At most 500 characters.");

export const deskGrantInput = z.object({ organizationId, id });
export const declineInput = deskGrantInput.extend({
  words: words(10, "Say why, in a sentence. The customer reads it."),
});
export const offerInput = deskGrantInput.extend({
  staffIds,
  days,
  purpose: words(20, "Say in a sentence what you read for. The customer agrees to this, and to nothing else."),
});
export const unlockInput = deskGrantInput.extend({ purpose: words(1, "Repeat the purpose.") });
export const readInput = deskGrantInput.extend({
  fileId: idField("file", "There is no such file."),
  from: z.coerce.number().int().min(0).max(2_000_000_000).default(0),
});

export const agreeInput = z.object({
  id,
  fileIds: several(idField("file", "There is no such file."))
    .refine((ids) => ids.length >= 1, "Choose at least one file.")
    .refine((ids) => ids.length <= 50, "At most 50 files."),
  staffIds,
  days,
});
export const revokeInput = z.object({ id });
