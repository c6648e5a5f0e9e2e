"use server";

import { action } from "#app/doors/action.ts";
import { agreeToAssistance, revokeAssistance } from "#lib/domain/assistance/commands.ts";

export const agree = action(agreeToAssistance);

export const revoke = action(revokeAssistance);
