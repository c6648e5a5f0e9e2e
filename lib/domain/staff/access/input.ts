import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { type LookReason, lookReasons } from "./rules.ts";

const organizationId = idField("organization", "This is not the id of an organization.");

const reasons = Object.keys(lookReasons) as [LookReason, ...LookReason[]];

export const openLookInput = z.object({
  organizationId,
  reason: z.enum(reasons, "Choose a reason."),
  words: z
    .string()
    .trim()
    .min(10, "Say in a sentence what you look for. The customer reads it.")
    .max(500, "At most 500 characters."),
});

export const closeLookInput = z.object({ organizationId });
