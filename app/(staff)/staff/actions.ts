"use server";

import { action } from "#app/doors/action.ts";
import { closeLook, openLook } from "#lib/domain/staff/access/commands.ts";

export const look = action(openLook);

export const endLook = action(closeLook);
