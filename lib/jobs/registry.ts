import { forgetOldSignIns } from "#lib/account/jobs.ts";
import { verifyChainsJob } from "#lib/audit/jobs.ts";
import { deliverWebhook, purgeWebhookEventsJob } from "#lib/integrations/jobs.ts";
import { sendAlertsJob } from "#lib/limits/alerts/jobs.ts";
import { deliverLetter } from "#lib/notices/jobs.ts";
import { purgeBucketsJob } from "#lib/rates/jobs.ts";
import { purgeContentsJob } from "#lib/retention/jobs.ts";
import { preparePartitionsJob } from "#lib/usage/jobs.ts";
import type { Job } from "./define.ts";

/** Every job there is; a test holds this list to the `jobs.ts` files. */
export const registry: readonly Job[] = [
  deliverLetter,
  deliverWebhook,
  forgetOldSignIns,
  preparePartitionsJob,
  purgeBucketsJob,
  purgeContentsJob,
  purgeWebhookEventsJob,
  sendAlertsJob,
  verifyChainsJob,
];
