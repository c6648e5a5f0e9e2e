"use server";

import { action, shown } from "#app/doors/action.ts";
import { reportLeak } from "#lib/domain/help/records/commands.ts";
import { createKey, revokeKey, revokeKeys, rotateKey } from "#lib/domain/keys/commands.ts";

export const create = action(createKey, shown);

export const rotate = action(rotateKey, shown);

export const revoke = action(revokeKey);

export const revokeSeveral = action(revokeKeys);

export const report = action(reportLeak, shown);
