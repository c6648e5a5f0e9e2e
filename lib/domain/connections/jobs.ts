import { z } from "zod";
import { inOrganization } from "#lib/core/context.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { eventDelivery } from "#lib/core/webhooks/delivery-job.ts";
import { checkConnections } from "./attempts/commands.ts";
import { attemptEvent } from "./delivery/commands.ts";
import { endOverdue } from "./oauth/tokens/commands.ts";

/** Tries to send an event to a connected service once; the next try is queued with what became of this one. */
export const deliverEvent = defineJob({
  ...eventDelivery,
  run: (ctx, { organizationId, deliveryId }) => attemptEvent(inOrganization(ctx, organizationId), deliveryId),
});

/** T-4.2.1-TPS1: what has been failing for an hour is told; sign-ins that were not finished are forgotten. */
export const checkHealth = defineJob({
  name: "integrations.check-health",
  payload: z.unknown(),
  cron: "*/5 * * * *",
  clause: "T-4.2.1-TPS1",
  run: async (ctx) => {
    await checkConnections(ctx);
    await endOverdue(ctx);
  },
});
