"use server";

import { refresh } from "next/cache";
import { addAuthenticator, startAuthenticator } from "#lib/account/authenticators/commands.ts";
import { addAuthenticatorInput } from "#lib/account/authenticators/input.ts";
import { pictureOf } from "#lib/account/authenticators/rules.ts";
import { removeFactor, renameFactor } from "#lib/account/factors/commands.ts";
import { removeFactorInput, renameFactorInput } from "#lib/account/factors/input.ts";
import { nothingInput } from "#lib/account/input.ts";
import { addPasskey, startPasskey } from "#lib/account/passkeys/commands.ts";
import { addPasskeyInput } from "#lib/account/passkeys/input.ts";
import { renewCodes } from "#lib/account/recovery/commands.ts";
import { action } from "#lib/action.ts";
import { site } from "#lib/visitor.ts";

export const startApp = action({
  can: "account.manage",
  input: nothingInput,
  stepUp: "factor.add",
  run: async (ctx) => {
    const { uri, ...enrolment } = await startAuthenticator(ctx);
    return { ...enrolment, picture: pictureOf(uri) };
  },
});

export const addApp = action({
  can: "account.manage",
  input: addAuthenticatorInput,
  run: async (ctx, input) => {
    const codes = await addAuthenticator(ctx, input);
    refresh();
    return { codes };
  },
});

export const beginPasskey = action({
  can: "account.manage",
  input: nothingInput,
  stepUp: "factor.add",
  run: async (ctx) => startPasskey(ctx, await site()),
});

export const keepPasskey = action({
  can: "account.manage",
  input: addPasskeyInput,
  run: async (ctx, input) => {
    const codes = await addPasskey(ctx, await site(), input);
    refresh();
    return { codes };
  },
});

export const rename = action({
  can: "account.manage",
  input: renameFactorInput,
  run: async (ctx, input) => {
    await renameFactor(ctx, input);
    refresh();
  },
});

export const remove = action({
  can: "account.manage",
  input: removeFactorInput,
  stepUp: "factor.remove",
  run: async (ctx, { id }) => {
    await removeFactor(ctx, id);
    refresh();
  },
});

export const newCodes = action({
  can: "account.manage",
  input: nothingInput,
  stepUp: "codes.renew",
  run: async (ctx) => {
    const codes = await renewCodes(ctx);
    refresh();
    return codes;
  },
});
