"use server";

import { action } from "#app/doors/action.ts";
import { retryJob } from "#lib/domain/jobs/commands.ts";

export const retry = action(retryJob);
