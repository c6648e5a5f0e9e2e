"use server";

import { action } from "#app/doors/action.ts";
import { switchAgentModel } from "#lib/domain/lifecycle/switching/commands.ts";

export const switchModel = action(switchAgentModel);
