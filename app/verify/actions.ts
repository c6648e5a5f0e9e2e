"use server";

import { action } from "#app/doors/action.ts";
import { verifyDocument } from "#lib/domain/billing/verification/commands.ts";

export const verify = action(verifyDocument, (found) => found);
