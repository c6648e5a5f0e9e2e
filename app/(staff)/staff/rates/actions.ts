"use server";

import { action } from "#app/doors/action.ts";
import { denyRequest, endOverrideOf, grantRequest } from "#lib/domain/staff/rates/commands.ts";

export const grant = action(grantRequest);

export const deny = action(denyRequest);

export const end = action(endOverrideOf);
