import { and, eq, gt, inArray, lt, sql } from "drizzle-orm";
import { type Id, isId, newId } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { receivedMail, ticketPeople, tickets } from "#db/schema/help.ts";
import { members } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import {
  type AccountContext,
  actingAs,
  inOrganization,
  type OrganizationContext,
  transaction,
} from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { AppError } from "#lib/core/errors.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { replyToTicket } from "#lib/domain/help/commands.ts";
import { uploadFile } from "#lib/domain/help/files/commands.ts";
import { messageLimits } from "#lib/domain/help/files/rules.ts";
import { replyInput } from "#lib/domain/help/input.ts";
import { helpSealer, newHelpSealer } from "#lib/domain/help/sealing/queries.ts";
import { heldMailInput, takeMailInput } from "./input.ts";
import { type HeldReason, heldDays, isAutomatic, isProven, mostAnHour, ownWords, ticketOfAddresses } from "./rules.ts";
import type { Incoming, Outcome, Received } from "./view.ts";

type Found = { organizationId: Id<"organization">; ticketId: Id<"ticket"> };
type Person = { id: Id<"user">; name: string; email: string };

/**
 * Takes a letter that came in: as its sender's message on the ticket it answers, or, where anything about it is not certain,
 * to staff. A letter that comes twice is taken once. Nothing is ever answered from here.
 */
export const receiveMail = command({
  can: "system.operate",
  within: "account",
  run: async (ctx, mail: Incoming): Promise<Outcome> => {
    const hash = keyedHash(`mail:${mail.messageId}`);
    if ((await ctx.db.$count(receivedMail, eq(receivedMail.messageHash, hash))) > 0)
      return { outcome: "known", reason: null, ticket: null };
    const found = await ticketNamed(ctx, ticketOfAddresses(mail.addresses));
    const person = found && (await participant(ctx, found, mail.sender));
    const reason = await reasonToHold(ctx, mail, found, person);
    if (reason || !found || !person) return hold(ctx, mail, { hash, found, reason: reason ?? "stranger" });
    try {
      await take(ctx, { mail, hash, found, person });
    } catch (error) {
      // What the ticket refuses, staff decide about; what is ours fails, and the mail server comes again.
      if (!(error instanceof AppError) || error.problem === "unavailable") throw error;
      return hold(ctx, mail, { hash, found, reason: "refused" });
    }
    return { outcome: "taken", reason: null, ticket: found.ticketId };
  },
});

async function ticketNamed(ctx: AccountContext, id: string | null): Promise<Found | null> {
  if (!id || !isId("ticket", id)) return null;
  const [found] = await ctx.db
    .select({ organizationId: tickets.organizationId, ticketId: tickets.id })
    .from(tickets)
    .where(eq(tickets.id, id));
  return found ?? null;
}

/** Who of a ticket's people writes from an address, if they are still members. */
const participant = async (ctx: AccountContext, found: Found, email: string): Promise<Person | null> =>
  (await participantsOf(ctx, found)).find((one) => one.email.toLowerCase() === email.toLowerCase()) ?? null;

export const participantsOf = part(
  async (ctx: AccountContext, { organizationId, ticketId }: Found): Promise<Person[]> => {
    const its = and(eq(tickets.organizationId, organizationId), eq(tickets.id, ticketId));
    const requester = ctx.db.select({ id: tickets.requesterId }).from(tickets).where(its);
    const added = ctx.db
      .select({ id: ticketPeople.userId })
      .from(ticketPeople)
      .where(and(eq(ticketPeople.organizationId, organizationId), eq(ticketPeople.ticketId, ticketId)));
    return ctx.db
      .select({ id: users.id, name: users.name, email: users.email })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.organizationId, organizationId), inArray(users.id, sql`(${requester} union ${added})`)));
  },
);

async function reasonToHold(
  ctx: AccountContext,
  mail: Incoming,
  found: Found | null,
  person: Person | null,
): Promise<HeldReason | null> {
  if (isAutomatic(mail.headers, mail.messageId, ownDomain())) return "automatic";
  if (!found) return "no-address";
  if (!person) return "stranger";
  if (!isProven(mail.headers.get("authentication-results") ?? [], env().MAIL_AUTHSERV_ID, mail.sender))
    return "unproven";
  const recent = and(
    eq(receivedMail.ticketId, found.ticketId),
    eq(receivedMail.outcome, "taken"),
    gt(receivedMail.receivedAt, addMinutes(ctx.now, -60)),
  );
  if ((await ctx.db.$count(receivedMail, recent)) >= mostAnHour) return "many";
  return ownWords(mail.text) === "" && mail.files.length === 0 ? "empty" : null;
}

const ownDomain = (): string => /@([^>\s]+)/.exec(env().MAIL_FROM)?.[1]?.toLowerCase() ?? "localhost";

const shownSubject = (subject: string): string => subject.replace(/\s+/g, " ").trim().slice(0, 200) || "(no subject)";

type Holding = { hash: string; found: Found | null; reason: HeldReason };

async function hold(ctx: AccountContext, mail: Incoming, { hash, found, reason }: Holding): Promise<Outcome> {
  const id = newId("mail", ctx.now);
  const sealer = await newHelpSealer(id);
  await ctx.db
    .insert(receivedMail)
    .values({
      id,
      messageHash: hash,
      ...found,
      outcome: "held",
      reason,
      sender: mail.sender.slice(0, 320),
      subject: shownSubject(mail.subject),
      files: mail.files.length,
      key: sealer.wrapped,
      body: sealer.text(ownWords(mail.text), id),
      receivedAt: ctx.now,
    })
    .onConflictDoNothing();
  return { outcome: "held", reason, ticket: found?.ticketId ?? null };
}

/** The person at work in their organization, as far as Help goes, come by e-mail. */
function asPerson(ctx: AccountContext, { organizationId }: Found, person: Person): OrganizationContext {
  const permissions = new Set(["help.read", "help.write"] as const);
  const actor = { ...person, kind: "user" as const, sessionId: newId("session", ctx.now), permissions };
  return inOrganization({ ...actingAs(ctx, actor), origin: { address: "e-mail", agent: "e-mail" } }, organizationId);
}

type Taking = { mail: Incoming; hash: string; found: Found; person: Person };

/** The row that says it was taken comes first: of two deliveries at once, the second waits for it and changes nothing. */
const take = (ctx: AccountContext, { mail, hash, found, person }: Taking): Promise<void> =>
  transaction(ctx, async (ctx) => {
    const [mine] = await ctx.db
      .insert(receivedMail)
      .values({
        id: newId("mail", ctx.now),
        messageHash: hash,
        ...found,
        outcome: "taken",
        sender: mail.sender,
        subject: shownSubject(mail.subject),
        files: mail.files.length,
        receivedAt: ctx.now,
      })
      .onConflictDoNothing()
      .returning({ id: receivedMail.id });
    if (!mine) return;
    const customer = asPerson(ctx, found, person);
    const { ids, refused } = await keepFiles(customer, mail.files);
    const body = [ownWords(mail.text), ...refused].filter(Boolean).join("\n\n") || "(only files)";
    await replyToTicket(customer, replyInput.parse({ ticketId: found.ticketId, body, files: ids }));
  });

/** Files by the same rules as on the page. Those that are refused are named, with why, where the sender reads it. */
async function keepFiles(ctx: OrganizationContext, files: Incoming["files"]) {
  const ids: Id<"ticketFile">[] = [];
  const refused: string[] = [];
  for (const [at, file] of files.entries()) {
    if (at >= messageLimits.files) {
      refused.push(`[${file.name} was not taken: at most ${messageLimits.files} files a message.]`);
      continue;
    }
    try {
      ids.push((await uploadFile(ctx, file)).id);
    } catch (error) {
      if (!(error instanceof AppError) || error.problem === "unavailable") throw error;
      refused.push(`[${file.name} was not taken: ${error.message}]`);
    }
  }
  return { ids, refused };
}

/** Takes a held letter onto its ticket, for a person of the ticket whom staff have recognized. */
export const takeMail = command({
  can: "tickets.decide",
  within: "account",
  input: takeMailInput,
  run: (ctx, { id, userId }): Promise<void> =>
    onHeld(ctx, id, async (ctx, mail) => {
      const { organizationId, ticketId } = mail;
      if (!organizationId || !ticketId) throw new AppError("conflict", "This letter names no ticket.");
      const found = { organizationId, ticketId };
      const person = (await participantsOf(ctx, found)).find((one) => one.id === userId);
      if (!person) throw new AppError("not_found", "They do not take part in this ticket any more.");
      const words = (await textOf(ctx, mail)) || "(only files)";
      const body = mail.files > 0 ? `${words}\n\n[${mail.files} files were not kept. Send them here.]` : words;
      await replyToTicket(asPerson(ctx, found, person), replyInput.parse({ ticketId, body }));
      await decide(ctx, mail, "accepted");
    }),
});

export const discardMail = command({
  can: "tickets.decide",
  within: "account",
  input: heldMailInput,
  run: (ctx, { id }): Promise<void> => onHeld(ctx, id, (ctx, mail) => decide(ctx, mail, "discarded")),
});

/** What a held letter says. */
export const textOf = part(
  async (_ctx: AccountContext, { id, key, body }: Pick<Received, "id" | "key" | "body">): Promise<string> =>
    body ? (await helpSealer({ id, key })).openText(body, id) : "",
);

const onHeld = (
  ctx: AccountContext,
  id: Id<"mail">,
  work: (ctx: AccountContext, mail: Received) => Promise<void>,
): Promise<void> =>
  transaction(ctx, async (ctx) => {
    const [mail] = await ctx.db.select().from(receivedMail).where(eq(receivedMail.id, id)).for("update");
    if (mail?.outcome !== "held") throw new AppError("not_found", "This letter is gone, or was decided already.");
    await work(ctx, mail);
  });

async function decide(ctx: AccountContext, mail: Received, outcome: "accepted" | "discarded"): Promise<void> {
  const decided = { outcome, body: null, key: null, decidedBy: personOf(ctx.actor).id, decidedAt: ctx.now };
  await ctx.db.update(receivedMail).set(decided).where(eq(receivedMail.id, mail.id));
  await writeAudit(ofProvider(ctx), {
    action: outcome === "accepted" ? "help.accept-mail" : "help.discard-mail",
    object: { type: "mail", id: mail.id },
    after: { reason: mail.reason, ticket: mail.ticketId },
  });
}

/** Removes letters 30 days after they came; a letter that comes again later than that is another. */
export const purgeMail = part(async (ctx: AccountContext): Promise<void> => {
  await ctx.db.delete(receivedMail).where(lt(receivedMail.receivedAt, addDays(ctx.now, -heldDays)));
});
