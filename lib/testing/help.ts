import type { Id } from "#db/id.ts";
import { addMinutes } from "#lib/core/clock.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { openTicket } from "#lib/domain/help/commands.ts";
import { uploadFile } from "#lib/domain/help/files/commands.ts";
import { openInput } from "#lib/domain/help/input.ts";

/** For tests: the same person some minutes later. */
export const later = <C extends AccountContext>(ctx: C, minutes: number): C =>
  Object.assign({}, ctx, { now: addMinutes(ctx.now, minutes) });

/** For tests: a ticket with these words. */
export async function testTicket(ctx: OrganizationContext, given: Record<string, unknown> = {}): Promise<Id<"ticket">> {
  const asked = { kind: "question", subject: "A question", body: "How does it work?", ...given };
  return (await openTicket(ctx, openInput.parse(asked))).id;
}

/** For tests: a ticket that has a word everywhere a customer can write one, and a file. */
export async function testTicketWithFile(ctx: OrganizationContext, word: string) {
  const { id: ticketFile } = await uploadFile(ctx, { name: `${word}.txt`, bytes: Buffer.from(word) });
  const given = { subject: `${word} question`, body: `What about the ${word}?`, files: [ticketFile] };
  return { ticket: await testTicket(ctx, given), ticketFile };
}
