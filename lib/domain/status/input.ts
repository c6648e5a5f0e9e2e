import { z } from "zod";
import { impacts, incidentStates, sampleStates } from "#db/schema/status.ts";
import { idField } from "#lib/core/id-field.ts";
import { momentField } from "#lib/core/moment-field.ts";

/** A line of the file in which a front keeps what it found: the instant, and the state of each component. */
export const lookLine = z.object({
  at: z.number(),
  found: z.array(z.object({ component: z.string(), state: z.enum(sampleStates), ms: z.number() })),
});

const moment = (words: string) => momentField.pipe(z.date({ error: words }));
const components = z
  .union([z.string().transform((text) => text.split(",")), z.array(z.string())])
  .pipe(z.array(z.string().trim().min(1).max(100)).min(1, "Say which components it is about."));
const title = z.string().trim().min(3, "Give it a title.").max(200);
const words = z.string().trim().min(3, "Say what customers should know.").max(4000);

export const openIncidentInput = z.object({
  title,
  impact: z.enum(impacts),
  components,
  words,
  /** Empty: now. It may have begun before anyone wrote it down. */
  startedAt: momentField,
});

export const updateIncidentInput = z.object({
  id: idField("incident"),
  state: z.enum(incidentStates),
  words,
});

export const planMaintenanceInput = z
  .object({
    title,
    words,
    components,
    startsAt: moment("Say when it begins, as 2026-12-01T10:00."),
    endsAt: moment("Say when it ends, as 2026-12-01T12:00."),
  })
  .refine(({ startsAt, endsAt }) => endsAt > startsAt, { error: "It has to end after it begins.", path: ["endsAt"] });

export const cancelMaintenanceInput = z.object({ id: idField("maintenance") });
