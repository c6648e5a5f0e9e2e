import { sql } from "#db/client.ts";
import { env } from "#lib/core/env.ts";
import { BatchRunner } from "#lib/gateway/batch/runner.ts";
import { openDataPlane } from "#lib/gateway/http/data-plane.ts";
import { systemContext } from "#server/system-context.ts";

/** A process that works off batches, to be killed by tests. */
const plane = await openDataPlane(sql(), env());
new BatchRunner({ plane, context: () => systemContext("batch"), atOnce: env().BATCH_REQUESTS, pollMs: 20 }).start();
