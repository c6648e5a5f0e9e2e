"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "#app/doors/action.ts";
import { enterAs } from "#app/doors/sign-in.ts";
import { pendingSecret, site } from "#app/doors/visitor.ts";
import { typedCode } from "#lib/domain/account/authenticators/input.ts";
import { nothingInput } from "#lib/domain/account/input.ts";
import { passkeyInput } from "#lib/domain/account/passkeys/input.ts";
import {
  askPendingPasskey,
  type Entered,
  finishWithCode,
  finishWithPasskey,
  finishWithRecovery,
} from "#lib/domain/account/pending/commands.ts";
import { recoveryInput } from "#lib/domain/account/recovery/input.ts";

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
