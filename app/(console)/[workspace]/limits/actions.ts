"use server";

import { refresh } from "next/cache";
import { action } from "#lib/action.ts";
import { setKeyLimit, setOrganizationLimit, setWorkspaceLimit } from "#lib/limits/commands.ts";
import { keyLimitInput, limitInput } from "#lib/limits/input.ts";

export const saveOrganizationLimit = action({
  can: "limits.write-organization",
  input: limitInput,
  run: async (ctx, input) => {
    await setOrganizationLimit(ctx, input);
    refresh();
  },
});

export const saveWorkspaceLimit = action({
  can: "limits.write",
  input: limitInput,
  run: async (ctx, input) => {
    await setWorkspaceLimit(ctx, input);
    refresh();
  },
});

/** Whoever sees limits may ask; whose key it is decides. */
export const saveKeyLimit = action({
  can: "limits.read",
  input: keyLimitInput,
  run: async (ctx, input) => {
    await setKeyLimit(ctx, input);
    refresh();
  },
});
