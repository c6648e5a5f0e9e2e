"use server";

import { action } from "#app/doors/action.ts";
import { setWebOrigins } from "#lib/domain/organizations/web-origins/commands.ts";

export const saveOrigins = action(setWebOrigins);
