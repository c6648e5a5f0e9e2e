"use server";

import { action } from "#app/doors/action.ts";
import { publishThresholds } from "#lib/domain/thresholds/commands.ts";

export const publish = action(publishThresholds);
