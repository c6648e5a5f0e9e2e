import { z } from "zod";
import { inOrganization } from "#lib/core/context.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { refreshDue, refreshToken, revokeAndEnd } from "./commands.ts";
import { refreshing, revoking } from "./input.ts";

/** T-4.2.1-TPS1: tokens are exchanged before they end. */
export const refreshTokenJob = defineJob({
  ...refreshing,
  clause: "T-4.2.1-TPS1",
  run: (ctx, { organizationId, connectionId }) => refreshToken(inOrganization(ctx, organizationId), connectionId),
});

export const refreshDueTokens = defineJob({
  name: "integrations.refresh-due",
  payload: z.unknown(),
  cron: "* * * * *",
  run: refreshDue,
});

export const revokeTokenJob = defineJob({
  ...revoking,
  run: (ctx, { organizationId, connectionId }) => revokeAndEnd(inOrganization(ctx, organizationId), connectionId),
});
