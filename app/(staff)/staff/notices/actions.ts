"use server";

import { action } from "#app/doors/action.ts";
import { resendLetter, settleLetter } from "#lib/domain/notices/commands.ts";

export const resend = action(resendLetter);

export const settle = action(settleLetter);
