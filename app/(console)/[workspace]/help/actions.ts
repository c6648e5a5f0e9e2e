"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { addPerson, openTicket, replyToTicket, resolveTicket } from "#lib/domain/help/commands.ts";
import { rateTicket } from "#lib/domain/help/ratings/commands.ts";
import { helpOf } from "./help-path.ts";

export const open = action(openTicket, ({ id }, ctx): never => redirect(helpOf(ctx, id)));

/** A reply that comes too late is a ticket of its own, which is shown then. */
export const reply = action(replyToTicket, ({ id }, ctx, { ticketId }): void => {
  if (id !== ticketId) redirect(helpOf(ctx, id));
  refresh();
});

export const resolve = action(resolveTicket);

export const add = action(addPerson);

export const rate = action(rateTicket);
