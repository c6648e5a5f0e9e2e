import { z } from "zod";
import { typedEmail } from "#lib/core/email.ts";
import { idField } from "#lib/core/id-field.ts";
import type { JobKind } from "#lib/core/jobs/define.ts";
import { linkToken } from "#lib/core/link-token.ts";

const component = z.string().trim().min(1).max(100);

/** No component is ticked: all of them, also those that come later. */
export const subscribeInput = z.object({
  email: typedEmail(),
  components: z.preprocess(
    (given) => (given === undefined || given === "" ? [] : Array.isArray(given) ? given : [given]),
    z.array(component).max(50, "Choose at most 50, or none for all of them."),
  ),
});

export const confirmInput = z.object({ token: linkToken });

const number = z.number().int().positive();

/** What is told: an update of an incident, or that work is planned (1) or cancelled (2). */
export const tellingInput = z.union([
  z.object({ incidentId: idField("incident"), number }),
  z.object({ maintenanceId: idField("maintenance"), number }),
]);
export type Telling = z.output<typeof tellingInput>;

export const telling = { name: "status.tell-subscribers", payload: tellingInput } satisfies JobKind;
