"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { withFreshTerms } from "#app/(auth)/fresh-terms.ts";
import { action } from "#lib/action.ts";
import { agree as agreeTo } from "#lib/terms/commands.ts";
import { agreementInput } from "#lib/terms/input.ts";

export const agree = action({
  can: "conversations.use",
  input: agreementInput.extend({ workspace: z.string() }),
  run: async (ctx, { documentId, sha256 }) => {
    await withFreshTerms(agreeTo(ctx, { documentId, sha256 }, "chat"));
    refresh();
  },
});
