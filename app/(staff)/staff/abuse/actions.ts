"use server";

import { action, shown } from "#app/doors/action.ts";
import { throughFront } from "#app/doors/through-front.ts";
import { sql } from "#db/client.ts";
import { beginItem, decideItem, gagItem } from "#lib/domain/abuse/desk/commands.ts";
import { approveRule, endRule, proposeRule } from "#lib/domain/abuse/expressions/commands.ts";
import { openItem } from "#lib/domain/abuse/reading/commands.ts";
import { openerOf } from "#lib/gateway/metering/reading.ts";

export const begin = action(beginItem);

export const decide = action(decideItem);

export const gag = action(gagItem);

export const open = action({
  can: openItem.can,
  input: openItem.input,
  run: async (ctx, input) => {
    const item = await throughFront(ctx, "open-item", input, () => openItem(ctx, input, openerOf(sql())));
    return shown({ ...item, until: new Date(item.until) });
  },
});

export const propose = action(proposeRule);

export const approve = action(approveRule);

export const end = action(endRule);
