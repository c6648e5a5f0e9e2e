"use server";

import { action } from "#app/doors/action.ts";
import { agreeToChange, disagree } from "#lib/domain/publications/changes/commands.ts";

export const agree = action(agreeToChange);

export const endInstead = action(disagree);
