import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

/** The job that reports how a fine-tuning goes to a service its maker named. It waits for that service, not for us. */
export const reporting = {
  name: "fine-tuning.report",
  payload: z.object({
    organization: idField("organization"),
    job: idField("tuningJob"),
    position: z.number().int().min(0),
  }),
  lane: "webhooks" as const,
};
export type ReportRef = z.output<typeof reporting.payload>;
