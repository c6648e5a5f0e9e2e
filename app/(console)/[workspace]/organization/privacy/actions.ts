"use server";

import { action } from "#app/doors/action.ts";
import {
  answerZeroRetention,
  endZeroRetention,
  requestZeroRetention,
  withdrawZeroRetention,
} from "#lib/domain/zero-retention/commands.ts";

export const request = action(requestZeroRetention);

export const withdraw = action(withdrawZeroRetention);

export const answer = action(answerZeroRetention);

export const end = action(endZeroRetention);
