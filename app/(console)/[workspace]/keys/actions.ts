"use server";

import { refresh } from "next/cache";
import { action } from "#lib/action.ts";
import { createKey, reportLeakedKey, revokeKey, rotateKey } from "#lib/keys/commands.ts";
import { createKeyInput, reportKeyInput, revokeKeyInput, rotateKeyInput } from "#lib/keys/input.ts";

export const create = action({
  can: "keys.write",
  input: createKeyInput,
  run: async (ctx, input) => {
    const made = await createKey(ctx, input);
    refresh();
    return made;
  },
});

export const rotate = action({
  can: "keys.write",
  input: rotateKeyInput,
  run: async (ctx, input) => {
    const made = await rotateKey(ctx, input);
    refresh();
    return made;
  },
});

export const revoke = action({
  can: "keys.write",
  input: revokeKeyInput,
  run: async (ctx, input) => {
    await revokeKey(ctx, input);
    refresh();
  },
});

export const report = action({
  can: "keys.write",
  input: reportKeyInput,
  run: async (ctx, input) => {
    const made = await reportLeakedKey(ctx, input);
    refresh();
    return made;
  },
});
