"use server";

import { action } from "#app/doors/action.ts";
import { announceEnd, proposeEnd, withdrawEnd } from "#lib/domain/lifecycle/commands.ts";
import { postponeEnd } from "#lib/domain/lifecycle/retiring/commands.ts";

export const propose = action(proposeEnd);

export const announce = action(announceEnd);

export const withdraw = action(withdrawEnd);

export const postpone = action(postponeEnd);
