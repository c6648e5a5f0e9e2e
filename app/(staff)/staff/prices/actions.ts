"use server";

import { action } from "#app/doors/action.ts";
import { setPrice } from "#lib/domain/prices/commands.ts";

export const set = action(setPrice);
