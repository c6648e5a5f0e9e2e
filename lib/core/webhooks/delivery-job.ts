import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

/** One try of one webhook delivery; `domain/integrations` does it. */
export const webhookDelivery = {
  name: "integrations.deliver-webhook",
  payload: z.object({
    organizationId: idField("organization"),
    deliveryId: idField("webhookDelivery"),
  }),
};
