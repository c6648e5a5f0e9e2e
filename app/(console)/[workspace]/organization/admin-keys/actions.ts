"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { createAdminKey, revokeAdminKey } from "#lib/domain/admin-keys/commands.ts";
import { createAdminKeyInput } from "#lib/domain/admin-keys/input.ts";

export const create = action({
  can: "admin-keys.write",
  input: createAdminKeyInput,
  stepUp: "admin-key.create",
  run: async (ctx, input) => {
    const { name, secret } = await createAdminKey(ctx, input);
    refresh();
    return { name, secret };
  },
});

export const revoke = action(revokeAdminKey);
