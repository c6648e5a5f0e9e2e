import { z } from "zod";
import { type Id, isId } from "#db/id.ts";
import { defineJob, enqueue, type Job } from "#lib/jobs/define.ts";
import { attemptDelivery, purgeWebhookEvents } from "./delivery/commands.ts";

const payload = z.object({
  organizationId: z.custom<Id<"organization">>((value) => typeof value === "string" && isId("organization", value)),
  deliveryId: z.custom<Id<"webhookDelivery">>((value) => typeof value === "string" && isId("webhookDelivery", value)),
});

/** Tries a delivery once; the next try is queued with what became of this one. */
export const deliverWebhook: Job<typeof payload> = defineJob({
  name: "integrations.deliver-webhook",
  payload,
  run: async (ctx, { organizationId, deliveryId }) => {
    await attemptDelivery({ ...ctx, organizationId }, deliveryId, (inside, runAt) =>
      enqueue(inside, deliverWebhook, { organizationId, deliveryId }, { key: deliveryId, runAt }),
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
