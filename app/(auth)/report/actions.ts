"use server";

import { action } from "#app/doors/action.ts";
import { reportAbuse } from "#lib/domain/abuse-reports/commands.ts";

export const report = action(reportAbuse);
