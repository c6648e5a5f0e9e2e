"use server";

import { action } from "#app/doors/action.ts";
import {
  approveZeroRetention,
  askAboutZeroRetention,
  claimZeroRetention,
  denyZeroRetention,
  revokeZeroRetention,
} from "#lib/domain/zero-retention/desk/commands.ts";

export const claim = action(claimZeroRetention);

export const ask = action(askAboutZeroRetention);

export const approve = action(approveZeroRetention);

export const deny = action(denyZeroRetention);

export const revoke = action(revokeZeroRetention);
