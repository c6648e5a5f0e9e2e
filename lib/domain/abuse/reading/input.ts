import { z } from "zod";
import { abuseReasons } from "#db/schema/abuse.ts";
import { idField } from "#lib/core/id-field.ts";
import { brokenClause } from "#lib/domain/suspensions/input.ts";

export const openItemInput = z.object({
  organizationId: idField("organization"),
  id: idField("abuseItem"),
  reason: z.enum(abuseReasons, "Choose a reason."),
  clause: brokenClause,
});
