"use server";

import { action } from "#app/doors/action.ts";
import { addDomain, checkDomain, removeDomain, setJoining } from "#lib/domain/domains/commands.ts";

export const add = action(addDomain);

export const check = action(checkDomain);

export const saveJoining = action(setJoining);

export const remove = action(removeDomain);
