"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { site } from "#app/doors/visitor.ts";
import { addAuthenticator, startAuthenticator } from "#lib/domain/account/authenticators/commands.ts";
import { addAuthenticatorInput } from "#lib/domain/account/authenticators/input.ts";
import { pictureOf } from "#lib/domain/account/authenticators/rules.ts";
import { removeFactor, renameFactor } from "#lib/domain/account/factors/commands.ts";
import { nothingInput } from "#lib/domain/account/input.ts";
import { addPasskey, startPasskey } from "#lib/domain/account/passkeys/commands.ts";
import { addPasskeyInput } from "#lib/domain/account/passkeys/input.ts";
import { renewCodes } from "#lib/domain/account/recovery/commands.ts";

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

export const rename = action(renameFactor);

export const remove = action(removeFactor);

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
