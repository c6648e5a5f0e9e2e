import { defineJob } from "#lib/core/jobs/define.ts";
import { validateJob } from "./commands.ts";
import { validation } from "./input.ts";

export const validateTuningJob = defineJob({
  ...validation,
  run: (ctx, { organization, job }) => validateJob(ctx, { organizationId: organization, id: job }),
});
