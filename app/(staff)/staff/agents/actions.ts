"use server";

import { action } from "#app/doors/action.ts";
import { dismissReport, renameReported } from "#lib/domain/agents/reports/desk/commands.ts";

export const rename = action(renameReported);

export const dismiss = action(dismissReport);
