"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { createKey, reportLeakedKey, revokeKey, rotateKey } from "#lib/domain/keys/commands.ts";
import { createKeyInput, reportKeyInput, revokeKeyInput, rotateKeyInput } from "#lib/domain/keys/input.ts";

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
  // Without a grace the old key ends at once, as when it is revoked.
  stepUp: async (_ctx, { grace }) => (grace === "none" ? "key.end" : null),
  run: async (ctx, input) => {
    const made = await rotateKey(ctx, input);
    refresh();
    return made;
  },
});

export const revoke = action({
  can: "keys.write",
  input: revokeKeyInput,
  stepUp: "key.end",
  run: async (ctx, input) => {
    await revokeKey(ctx, input);
    refresh();
  },
});

export const report = action({
  can: "keys.write",
  input: reportKeyInput,
  stepUp: "key.end",
  run: async (ctx, input) => {
    const made = await reportLeakedKey(ctx, input);
    refresh();
    return made;
  },
});
