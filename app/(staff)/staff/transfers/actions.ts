"use server";

import { action } from "#app/doors/action.ts";
import { executeTransfer } from "#lib/domain/tuned-models/transfer/commands.ts";

export const execute = action(executeTransfer);
