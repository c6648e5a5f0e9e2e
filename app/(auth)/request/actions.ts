"use server";

import { evenAnswerMs } from "#app/(auth)/constant-answer-time.ts";
import { action } from "#app/doors/action.ts";
import { evenly } from "#lib/core/access/person.ts";
import { env } from "#lib/core/env.ts";
import { openGuestTicket, sendGuestLink } from "#lib/domain/guests/commands.ts";
import { guestLinkInput, guestTicketInput } from "#lib/domain/guests/input.ts";

export const sendLink = action({
  can: "account.open",
  input: guestLinkInput,
  run: async (ctx, input) => {
    await evenly(evenAnswerMs, () => sendGuestLink(ctx, input));
    return { isDemo: env().DEMO === "on" };
  },
});

export const openTicket = action({
  can: "account.open",
  input: guestTicketInput,
  run: (ctx, input) => openGuestTicket(ctx, input),
});
