import { env } from "#lib/core/env.ts";
import { startTrainings } from "#server/training/trainings.ts";

/** A process that trains what waits, to be killed by tests. */
startTrainings(env());
