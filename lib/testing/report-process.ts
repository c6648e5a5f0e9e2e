import { reportTuningJob } from "#lib/domain/fine-tuning/reporting/jobs.ts";

/** A process that reports one job, to be killed by tests. */
void reportTuningJob.perform(JSON.parse(process.env.TEST_REPORT ?? "{}"));
