"use server";

import { action } from "#app/doors/action.ts";
import { objectToSubprocessor } from "#lib/domain/help/records/commands.ts";
import { agreeToChange, disagree } from "#lib/domain/publications/changes/commands.ts";
import { endOverSubprocessor } from "#lib/domain/subprocessors/commands.ts";

export const object = action(objectToSubprocessor);

export const endOver = action(endOverSubprocessor);

export const agree = action(agreeToChange);

export const endInstead = action(disagree);
