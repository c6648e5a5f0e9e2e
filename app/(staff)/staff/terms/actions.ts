"use server";

import { action } from "#app/doors/action.ts";
import {
  announcePublication,
  approvePublication,
  draftVersion,
  withdrawPublication,
} from "#lib/domain/publications/commands.ts";

export const draft = action(draftVersion);

export const approve = action(approvePublication);

export const announce = action(announcePublication);

export const withdraw = action(withdrawPublication);
