"use server";

import { action } from "#app/doors/action.ts";
import { decideReport } from "#lib/domain/abuse-reports/commands.ts";

export const decide = action(decideReport);
