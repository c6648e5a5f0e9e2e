"use server";

import { action } from "#app/doors/action.ts";
import { appealSuspension } from "#lib/domain/suspensions/commands.ts";

export const appeal = action(appealSuspension);
