import { z } from "zod";
import { inOrganization } from "#lib/core/context.ts";
import { defineJob, enqueue } from "#lib/core/jobs/define.ts";
import { lineOf, webhookDelivery } from "#lib/core/webhooks/delivery-job.ts";
import { attemptDelivery, purgeWebhookEvents } from "./delivery/commands.ts";

/** Tries a delivery once; the next try is queued with what became of this one. */
export const deliverWebhook = defineJob({
  ...webhookDelivery,
  run: async (ctx, { organizationId, deliveryId }) => {
    await attemptDelivery(inOrganization(ctx, organizationId), deliveryId, (inside, endpointId, runAt) =>
      enqueue(
        inside,
        webhookDelivery,
        { organizationId, deliveryId },
        { key: deliveryId, runAt, line: lineOf({ organizationId, endpointId, deliveryId }) },
      ),
    );
  },
});

/** What was delivered is kept for ninety days, to look into and to replay. */
export const purgeWebhookEventsJob = defineJob({
  name: "integrations.purge-webhook-events",
  payload: z.unknown(),
  cron: "23 4 * * *",
  run: purgeWebhookEvents,
});
