import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import type { JobKind } from "#lib/core/jobs/define.ts";

/** A key was used after a change had come to hold that no one had agreed to. The gate names it and waits for nothing. */
export const agreeingByUse = {
  name: "terms.agree-by-use",
  payload: z.object({ organizationId: idField("organization"), keyId: idField("key"), usedAt: z.number() }),
} satisfies JobKind;
