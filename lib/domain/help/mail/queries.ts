import { and, eq, ilike, or } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { receivedMail, tickets } from "#db/schema/help.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { instantKey, keysetPage, type ListPage } from "#lib/core/list/keyset.ts";
import { containing } from "#lib/core/list/like.ts";
import { participantsOf, textOf } from "./commands.ts";
import type { HeldMailFilter } from "./input.ts";
import type { HeldMail, HeldMailDetail } from "./view.ts";

const shown = {
  id: receivedMail.id,
  sender: receivedMail.sender,
  subject: receivedMail.subject,
  reason: receivedMail.reason,
  files: receivedMail.files,
  receivedAt: receivedMail.receivedAt,
  organizationName: organizations.name,
  ticketId: receivedMail.ticketId,
  ticketNumber: tickets.number,
};

/** Letters that wait for staff, the latest first. */
export async function heldMail(ctx: AccountContext, asked: HeldMailFilter): Promise<ListPage<HeldMail>> {
  authorize(ctx.actor, "tickets.decide");
  const words =
    asked.q && or(ilike(receivedMail.sender, containing(asked.q)), ilike(receivedMail.subject, containing(asked.q)));
  const where = and(eq(receivedMail.outcome, "held"), words || undefined);
  return keysetPage(
    asked,
    { keys: { received: instantKey(receivedMail.receivedAt) }, first: "-received", id: receivedMail.id },
    {
      find: ({ place, where: beyond, order, limit }) =>
        ctx.db
          .select({ ...shown, place })
          .from(receivedMail)
          .leftJoin(organizations, eq(organizations.id, receivedMail.organizationId))
          .leftJoin(tickets, eq(tickets.id, receivedMail.ticketId))
          .where(and(where, beyond))
          .orderBy(...order)
          .limit(limit),
      count: (sums) => ctx.db.select(sums).from(receivedMail).where(where),
    },
  );
}

/** One of them with what it says, and who it can be taken for. */
export async function heldMailOf(ctx: AccountContext, id: Id<"mail">): Promise<HeldMailDetail> {
  authorize(ctx.actor, "tickets.decide");
  const [found] = await ctx.db
    .select({ ...shown, organizationId: receivedMail.organizationId, key: receivedMail.key, body: receivedMail.body })
    .from(receivedMail)
    .leftJoin(organizations, eq(organizations.id, receivedMail.organizationId))
    .leftJoin(tickets, eq(tickets.id, receivedMail.ticketId))
    .where(and(eq(receivedMail.id, id), eq(receivedMail.outcome, "held")));
  if (!found) throw new AppError("not_found", "This letter is gone, or was decided already.");
  const { organizationId, key, body, ...mail } = found;
  const { ticketId } = mail;
  const participants = organizationId && ticketId ? await participantsOf(ctx, { organizationId, ticketId }) : [];
  return { ...mail, text: await textOf(ctx, { id, key, body }), participants };
}
