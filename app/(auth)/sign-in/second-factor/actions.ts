"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { typedCode } from "#lib/account/authenticators/input.ts";
import { nothingInput } from "#lib/account/input.ts";
import { passkeyInput } from "#lib/account/passkeys/input.ts";
import {
  askPendingPasskey,
  type Entered,
  finishWithCode,
  finishWithPasskey,
  finishWithRecovery,
} from "#lib/account/pending/commands.ts";
import { recoveryInput } from "#lib/account/recovery/input.ts";
import { action } from "#lib/action.ts";
import { enterAs } from "#lib/sign-in.ts";
import { pendingSecret, site } from "#lib/visitor.ts";

async function enter({ userId, next }: Entered): Promise<never> {
  await enterAs(userId);
  redirect(next);
}

export const withCode = action({
  can: "account.open",
  input: z.object({ code: typedCode }),
  run: async (ctx, { code }) => enter(await finishWithCode(ctx, await pendingSecret(), code)),
});

export const withRecovery = action({
  can: "account.open",
  input: recoveryInput,
  run: async (ctx, { code }) => enter(await finishWithRecovery(ctx, await pendingSecret(), code)),
});

export const askPasskey = action({
  can: "account.open",
  input: nothingInput,
  run: async (ctx) => askPendingPasskey(ctx, await site(), await pendingSecret()),
});

export const withPasskey = action({
  can: "account.open",
  input: passkeyInput,
  run: async (ctx, { answer }) => enter(await finishWithPasskey(ctx, await site(), await pendingSecret(), answer)),
});
