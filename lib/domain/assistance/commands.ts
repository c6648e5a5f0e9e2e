import { and, eq, inArray, isNotNull, lte, or, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { assistanceGrants } from "#db/schema/assistance.ts";
import { files } from "#db/schema/files.ts";
import { tickets } from "#db/schema/help.ts";
import { memberBehind, personOf } from "#lib/core/access/person.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { inOrganization, type OrganizationContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { endGrant, lockedGrant, move } from "./changes/commands.ts";
import { agreeInput, revokeInput } from "./input.ts";
import { assistanceClause } from "./rules.ts";
import type { Grant } from "./view.ts";

/** The record of a written request: the ticket that is opened with it names this. */
export const requestAssistance = part(async (ctx: OrganizationContext): Promise<Id<"assistanceGrant">> => {
  const { organizationId, now: requestedAt } = ctx;
  const id = newId("assistanceGrant", requestedAt);
  const requestedBy = memberBehind(ctx.actor);
  await ctx.db.insert(assistanceGrants).values({ organizationId, id, state: "requested", requestedBy, requestedAt });
  await writeAudit(ctx, {
    action: "assistance.request",
    object: { type: "assistance", id },
    clause: assistanceClause,
  });
  return id;
});

const refused = (field: string, message: string): AppError =>
  new AppError("invalid", message, { fields: { [field]: [message] } });

/** The customer's express agreement: which files, which of the named people, and for how long at most. */
export const agreeToAssistance = command({
  can: "assistance.grant",
  within: "organization",
  input: agreeInput,
  stepUp: "assistance.grant",
  run: (ctx, { id, fileIds, staffIds, days }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const { organizationId, now: agreedAt } = ctx;
      const grant = await lockedGrant(ctx, { organizationId, id });
      refuseOther(grant, { staffIds, days }, agreedAt);
      const theirs = and(eq(files.organizationId, organizationId), inArray(files.id, fileIds));
      if ((await ctx.db.$count(files, theirs)) < new Set(fileIds).size)
        throw refused("fileIds", "A file is not there any more. Choose again.");
      const endsAt = addDays(agreedAt, days);
      const set = { agreedBy: personOf(ctx.actor).id, agreedAt, fileIds, staffIds, endsAt };
      const facts = { files: fileIds, staff: staffIds, purpose: grant.purpose, until: endsAt };
      await move(ctx, grant, "agree", { set, audit: "assistance.grant", facts });
    }),
});

/** What is agreed to is never more than what was offered. */
function refuseOther(grant: Grant, { staffIds, days }: { staffIds: Id<"user">[]; days: number }, now: Date): void {
  if (grant.state !== "offered") throw new AppError("conflict", "There is no offer to agree to.");
  if (grant.offerUntil === null || now > grant.offerUntil)
    throw new AppError("conflict", "The offer has lapsed. Ask again in the ticket.");
  if (!staffIds.every((one) => grant.staffIds?.includes(one)))
    throw refused("staffIds", "The offer names other people.");
  if (days > (grant.days ?? 0)) throw refused("days", `The offer is for ${grant.days} days at most.`);
}

/** Withdraws the request, turns the offer down or ends what was agreed to, at once. */
export const revokeAssistance = command({
  can: "assistance.grant",
  within: "organization",
  input: revokeInput,
  run: (ctx, { id }): Promise<void> =>
    transaction(ctx, async (ctx) =>
      endGrant(ctx, await lockedGrant(ctx, { organizationId: ctx.organizationId, id }), "revoked"),
    ),
});

/** Ends offers and agreements whose time is over, and what was asked for in a ticket that is; says how many. */
export const expireAssistance = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    const { organizationId, id, state, offerUntil, endsAt } = assistanceGrants;
    const isOver = and(
      eq(tickets.organizationId, organizationId),
      eq(tickets.recordId, id),
      isNotNull(tickets.resolvedAt),
    );
    const hasTicketOver = sql<boolean>`exists (select from ${tickets} where ${isOver})`;
    const due = await ctx.db
      .select({ organizationId, id, hasTicketOver })
      .from(assistanceGrants)
      .where(
        or(
          and(eq(state, "offered"), lte(offerUntil, ctx.now)),
          and(inArray(state, ["granted", "active"]), lte(endsAt, ctx.now)),
          and(inArray(state, ["requested", "approved", "offered", "granted", "active"]), hasTicketOver),
        ),
      );
    for (const one of due)
      await transaction(inOrganization(ctx, one.organizationId), async (ctx) => {
        const grant = await lockedGrant(ctx, one);
        // Another request was faster.
        if (grant.state === "ended" || grant.state === "declined") return;
        await endGrant(ctx, grant, one.hasTicketOver ? "closed" : "expired");
      });
    return due.length;
  },
});
