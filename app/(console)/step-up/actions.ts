"use server";

import { action } from "#app/doors/action.ts";
import { enterAs } from "#app/doors/sign-in.ts";
import { site } from "#app/doors/visitor.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { nothingInput } from "#lib/domain/account/input.ts";
import { passkeyInput } from "#lib/domain/account/passkeys/input.ts";
import { askForProof, proveByCode, proveByPasskey, proveByPassword } from "#lib/domain/account/step-up/commands.ts";
import { proveCodeInput, provePasswordInput } from "#lib/domain/account/step-up/input.ts";

/** A person who has shown again that it is they goes on in a session of its own, as after any sign-in. */
const goOn = (ctx: AccountContext): Promise<void> => enterAs(personOf(ctx.actor).id);

export const byPassword = action({
  can: "account.manage",
  input: provePasswordInput,
  run: async (ctx, { password }) => {
    await proveByPassword(ctx, password);
    await goOn(ctx);
  },
});

export const byCode = action({
  can: "account.manage",
  input: proveCodeInput,
  run: async (ctx, { code }) => {
    await proveByCode(ctx, code);
    await goOn(ctx);
  },
});

export const askPasskey = action({
  can: "account.manage",
  input: nothingInput,
  run: async (ctx) => askForProof(ctx, await site()),
});

export const byPasskey = action({
  can: "account.manage",
  input: passkeyInput,
  run: async (ctx, { answer }) => {
    await proveByPasskey(ctx, await site(), answer);
    await goOn(ctx);
  },
});
