"use server";

import { action } from "#app/doors/action.ts";
import { chooseNotices, openAllNotices } from "#lib/domain/notices/inbox/commands.ts";

export const savePreferences = action(chooseNotices);

export const markAllOpened = action(openAllNotices);
