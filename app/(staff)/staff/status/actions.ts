"use server";

import { action } from "#app/doors/action.ts";
import { cancelMaintenance, openIncident, planMaintenance, updateIncident } from "#lib/domain/status/commands.ts";

export const open = action(openIncident);

export const update = action(updateIncident);

export const plan = action(planMaintenance);

export const cancel = action(cancelMaintenance);
