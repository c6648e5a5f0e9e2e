import { defineJob } from "#lib/core/jobs/define.ts";
import { reportProgress } from "./commands.ts";
import { reporting } from "./input.ts";

export const reportTuningJob = defineJob({ ...reporting, run: reportProgress });
