"use server";

import { action } from "#app/doors/action.ts";
import {
  answerTicket,
  claimTicket,
  noteTicket,
  releaseTicket,
  settleTicket,
  snoozeTicket,
} from "#lib/domain/help/desk/commands.ts";

export const claim = action(claimTicket);

export const release = action(releaseTicket);

export const answer = action(answerTicket);

export const note = action(noteTicket);

export const snooze = action(snoozeTicket);

export const settle = action(settleTicket);
