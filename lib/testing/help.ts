import type { Id } from "#db/id.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { openTicket } from "#lib/domain/help/commands.ts";
import { noteTicket, watchTicket } from "#lib/domain/help/desk/commands.ts";
import { uploadFile } from "#lib/domain/help/files/commands.ts";
import { openInput } from "#lib/domain/help/input.ts";
import { staffAt } from "./billing.ts";

/** For tests: the same person some minutes later. */
export const later = <C extends AccountContext>(ctx: C, minutes: number): C =>
  Object.assign({}, ctx, { now: addMinutes(ctx.now, minutes) });

/** For tests: a ticket with these words. */
export async function testTicket(ctx: OrganizationContext, given: Record<string, unknown> = {}): Promise<Id<"ticket">> {
  const asked = { kind: "question", subject: "A question", body: "How does it work?", ...given };
  return (await openTicket(ctx, openInput.parse(asked))).id;
}

/** For tests: what staff write to each other, which no customer is ever told. */
export const noteWords = "Between colleagues and no one else";

/** For tests: a ticket that has a word everywhere a customer can write one, and a file. */
export async function testTicketWithFile(ctx: OrganizationContext, word: string) {
  const { id: ticketFile } = await uploadFile(ctx, { name: `${word}.txt`, bytes: Buffer.from(word) });
  const given = { subject: `${word} question`, body: `What about the ${word}?`, files: [ticketFile] };
  const ticket = await testTicket(ctx, given);
  const support = staffAt("support", ctx.now);
  await noteTicket(support, { ticketId: ticket, body: noteWords });
  await watchTicket(support, { ticketId: ticket });
  return { ticket, ticketFile };
}
