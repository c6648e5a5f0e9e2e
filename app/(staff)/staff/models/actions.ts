"use server";

import { action } from "#app/doors/action.ts";
import { moveAlias } from "#lib/domain/lifecycle/aliases/commands.ts";
import { announceEnd, proposeEnd, withdrawEnd } from "#lib/domain/lifecycle/commands.ts";
import { postponeEnd } from "#lib/domain/lifecycle/retiring/commands.ts";

export const propose = action(proposeEnd);

export const announce = action(announceEnd);

export const withdraw = action(withdrawEnd);

export const postpone = action(postponeEnd);

export const move = action(moveAlias);
