import { z } from "zod";
import { type Id, isId } from "#db/id.ts";

/** One try of one webhook delivery; `domain/integrations` does it. */
export const webhookDelivery = {
  name: "integrations.deliver-webhook",
  payload: z.object({
    organizationId: z.custom<Id<"organization">>((value) => typeof value === "string" && isId("organization", value)),
    deliveryId: z.custom<Id<"webhookDelivery">>((value) => typeof value === "string" && isId("webhookDelivery", value)),
  }),
};
