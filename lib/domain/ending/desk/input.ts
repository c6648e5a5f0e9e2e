import { z } from "zod";
import { causeSides } from "#db/schema/contract.ts";
import { idField } from "#lib/core/id-field.ts";
import { momentField } from "#lib/core/moment-field.ts";

const words = (least: string) => z.string().trim().min(20, least).max(2000, "At most 2,000 characters.");
const organizationId = idField("organization", "Choose the customer.");

export const proposeEndInput = z.object({
  organizationId,
  side: z.enum(causeSides, "Say who ends it."),
  words: words("Say why; the customer reads it."),
  /** Empty: with the second person's confirmation. */
  endsAt: momentField,
});

export const proposeReturnInput = z.object({
  organizationId,
  words: words("Say why it may begin anew; colleagues read it."),
});

export const decisionInput = z.object({ organizationId, id: idField("endingDecision") });
