"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { action } from "#app/doors/action.ts";
import { withFreshTerms } from "#app/doors/refresh-on-changed-terms.ts";
import { agree as agreeTo } from "#lib/domain/terms/commands.ts";
import { agreementInput } from "#lib/domain/terms/input.ts";

export const agree = action({
  can: "conversations.use",
  input: agreementInput.extend({ workspace: z.string() }),
  run: async (ctx, { documentId, sha256 }) => {
    await withFreshTerms(agreeTo(ctx, { documentId, sha256 }, "chat"));
    refresh();
  },
});
