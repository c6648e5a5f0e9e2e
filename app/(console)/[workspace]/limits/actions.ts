"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { setKeyLimit, setOrganizationLimit, setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { keyLimitInput, limitInput } from "#lib/domain/limits/input.ts";
import { raisesLimit } from "#lib/domain/limits/raise/queries.ts";

/** Lowering a limit is never held up. */
const whenRaised = async (...change: Parameters<typeof raisesLimit>) =>
  (await raisesLimit(...change)) ? ("limit.raise" as const) : null;

export const saveOrganizationLimit = action({
  can: "limits.write-organization",
  input: limitInput,
  stepUp: (ctx, { limit }) => whenRaised(ctx, { scope: "organization", scopeId: ctx.organizationId, limit }),
  run: async (ctx, input) => {
    await setOrganizationLimit(ctx, input);
    refresh();
  },
});

export const saveWorkspaceLimit = action({
  can: "limits.write",
  input: limitInput,
  stepUp: (ctx, { limit }) => whenRaised(ctx, { scope: "workspace", scopeId: ctx.workspaceId, limit }),
  run: async (ctx, input) => {
    await setWorkspaceLimit(ctx, input);
    refresh();
  },
});

/** Whoever sees limits may ask; whose key it is decides. */
export const saveKeyLimit = action({
  can: "limits.read",
  input: keyLimitInput,
  stepUp: (ctx, { id, period, limit }) => whenRaised(ctx, { scope: "key", scopeId: id, period, limit }),
  run: async (ctx, input) => {
    await setKeyLimit(ctx, input);
    refresh();
  },
});
