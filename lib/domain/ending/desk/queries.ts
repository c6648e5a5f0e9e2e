import { and, asc, desc, eq, gte, isNull, or } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { endingDecisions, terminations } from "#db/schema/contract.ts";
import { organizations } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addDays } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { DeskDecision, DeskEnding, EndingDesk } from "./view.ts";

const mostShown = 200;
const shownDays = 90;

/** The desk of ends: proposals that wait for a second person, then agreements that end, the next one first. */
export async function endingDesk(ctx: AccountContext): Promise<EndingDesk> {
  authorize(ctx.actor, "contract.decide");
  const [decisions, endings] = await Promise.all([waiting(ctx), ends(ctx)]);
  return { decisions, endings };
}

async function waiting(ctx: AccountContext): Promise<DeskDecision[]> {
  const rows = await ctx.db
    .select({ decision: endingDecisions, organizationName: organizations.name, proposedName: users.name })
    .from(endingDecisions)
    .innerJoin(organizations, eq(organizations.id, endingDecisions.organizationId))
    .leftJoin(users, eq(users.id, endingDecisions.proposedBy))
    .where(and(isNull(endingDecisions.confirmedAt), isNull(endingDecisions.droppedAt)))
    .orderBy(asc(endingDecisions.proposedAt))
    .limit(mostShown);
  return rows.map(({ decision, ...names }) => ({ ...decision, ...names }));
}

const ends = (ctx: AccountContext): Promise<DeskEnding[]> =>
  ctx.db
    .select({
      organizationId: terminations.organizationId,
      organizationName: organizations.name,
      id: terminations.id,
      kind: terminations.kind,
      clause: terminations.clause,
      noticedAt: terminations.noticedAt,
      endsAt: terminations.endsAt,
      words: terminations.words,
      appliedAt: terminations.appliedAt,
      finalizedAt: terminations.finalizedAt,
    })
    .from(terminations)
    .innerJoin(organizations, eq(organizations.id, terminations.organizationId))
    .where(
      and(
        isNull(terminations.withdrawnAt),
        or(isNull(terminations.finalizedAt), gte(terminations.endsAt, addDays(ctx.now, -shownDays))),
      ),
    )
    .orderBy(desc(isNull(terminations.appliedAt)), asc(terminations.endsAt))
    .limit(mostShown);
