"use server";

import { action } from "#app/doors/action.ts";
import { throughFront } from "#app/doors/through-front.ts";
import {
  approveAssistance,
  closeAssistance,
  declineAssistance,
  offerAssistance,
  unlockAssistance,
} from "#lib/domain/assistance/desk/commands.ts";
import { readInput } from "#lib/domain/assistance/input.ts";
import { readUnderGrant } from "#lib/domain/assistance/reading/commands.ts";
import { openLines } from "#lib/domain/files/contents/commands.ts";

export const approve = action(approveAssistance);

export const decline = action(declineAssistance);

export const offer = action(offerAssistance);

export const unlock = action(unlockAssistance);

export const close = action(closeAssistance);

export const read = action({
  can: "assistance.decide",
  input: readInput,
  run: (ctx, asked) =>
    throughFront(ctx, "read-under-grant", asked, () => readUnderGrant(ctx, asked, openLines.bind(null, ctx))),
});
