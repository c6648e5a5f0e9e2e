import { and, eq } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { holds } from "#db/schema/holds.ts";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { personOf } from "#lib/core/access/person.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { enqueue } from "#lib/core/jobs/define.ts";
import { newLastingKey } from "#lib/core/keyring/lasting.ts";
import { requireLook } from "#lib/domain/staff/access/commands.ts";
import { endHold, tellOf } from "./ending/commands.ts";
import { copying, extendHoldInput, holdInput, proposeHoldInput } from "./input.ts";
import { isGagged, isReviewDay, mostReviewDays } from "./rules.ts";
import type { Hold } from "./view.ts";

type Named = { organizationId: Id<"organization">; id: Id<"hold"> };
const its = ({ organizationId, id }: Named) => and(eq(holds.organizationId, organizationId), eq(holds.id, id));

function refuseReviewDay(day: string, now: Date): void {
  if (isReviewDay(day, now)) return;
  const message = `Choose a day within the next ${mostReviewDays} days.`;
  throw new AppError("invalid", message, { fields: { reviewOn: [message] } });
}

/** What is done about holds is in the provider's own log; the customer's learns of it when the customer does. */
const auditInside = (
  ctx: AccountContext,
  action: "hold.propose" | "hold.extend" | "hold.open",
  hold: Named,
  more = {},
) =>
  writeAudit(ofProvider(ctx), {
    action,
    object: { type: "hold", id: hold.id },
    after: { organization: hold.organizationId, ...more },
  });

/** Proposes to keep something of a customer, against its clocks and the customer's wish. */
export const proposeHold = command({
  can: "holds.decide",
  within: "account",
  input: proposeHoldInput,
  stepUp: "hold.decide",
  run: async (ctx, input): Promise<Id<"hold">> =>
    transaction(ctx, async (ctx) => {
      await requireLook(ctx, input.organizationId);
      refuseReviewDay(input.reviewOn, ctx.now);
      await refuseElsewhere(ctx, input);
      const id = newId("hold", ctx.now);
      const signed = { proposedBy: personOf(ctx.actor).id, proposedAt: ctx.now };
      await ctx.db.insert(holds).values({ ...input, id, state: "proposed", ...signed });
      await auditInside(ctx, "hold.propose", { ...input, id }, { classes: input.classes, reference: input.reference });
      return id;
    }),
});

async function refuseElsewhere(
  ctx: AccountContext,
  { organizationId, workspaceId }: { organizationId: Id<"organization">; workspaceId: Id<"workspace"> | null },
): Promise<void> {
  const there = await ctx.db.$count(organizations, eq(organizations.id, organizationId));
  const inside =
    workspaceId === null ||
    (await ctx.db.$count(
      workspaces,
      and(eq(workspaces.organizationId, organizationId), eq(workspaces.id, workspaceId)),
    )) > 0;
  if (there > 0 && inside) return;
  const message = "This customer has no such workspace.";
  throw new AppError("invalid", message, { fields: { workspaceId: [message] } });
}

/** Puts a proposed hold in force; whoever proposed it does not. The customer is told, unless the law forbids it. */
export const approveHold = command({
  can: "holds.decide",
  within: "account",
  input: holdInput,
  stepUp: "hold.decide",
  run: async (ctx, named): Promise<void> =>
    onHold(ctx, named, "proposed", async (ctx, hold) => {
      const { id: person } = personOf(ctx.actor);
      if (person === hold.proposedBy)
        throw new AppError("forbidden", "You proposed it; another person has to approve it.", {
          code: "second_person",
        });
      const { wrapped: key } = await newLastingKey(hold.id);
      const started = { state: "active", approvedBy: person, startedAt: ctx.now, key } as const;
      await ctx.db.update(holds).set(started).where(its(hold));
      await auditInside(ctx, "hold.open", hold);
      if (!isGagged(hold, ctx.now)) await tellOf(ctx, { ...hold, ...started });
      await enqueue(ctx, copying, {}, { key: `holds:${hold.id}` });
    }),
});

/** Drops a proposal that is not in force. */
export const dropHold = command({
  can: "holds.decide",
  within: "account",
  input: holdInput,
  run: async (ctx, named): Promise<void> =>
    onHold(ctx, named, "proposed", async (ctx, hold) => {
      await ctx.db.update(holds).set({ state: "dropped", endedAt: ctx.now, endedBy: ctx.actor.id }).where(its(hold));
    }),
});

/** Says that a hold was looked at and is still needed, until another day. */
export const extendHold = command({
  can: "holds.decide",
  within: "account",
  input: extendHoldInput,
  run: async (ctx, { reviewOn, ...named }): Promise<void> =>
    onHold(ctx, named, "active", async (ctx, hold) => {
      refuseReviewDay(reviewOn, ctx.now);
      await ctx.db.update(holds).set({ reviewOn }).where(its(hold));
      await auditInside(ctx, "hold.extend", hold, { reviewOn });
    }),
});

/** Ends a hold: its copies are destroyed, what waited for it goes on, and the customer is told whatever kept them from it. */
export const closeHold = command({
  can: "holds.decide",
  within: "account",
  input: holdInput,
  stepUp: "hold.decide",
  run: async (ctx, named): Promise<void> =>
    onHold(ctx, named, "active", async (ctx, hold) => {
      await endHold(ctx, hold);
      await enqueue(ctx, copying, {}, { key: `holds:${hold.id}` });
    }),
});

/** Acts on a hold in a state, under a lock, by a person with a reason to look at the customer. */
function onHold(
  ctx: AccountContext,
  named: Named,
  state: Hold["state"],
  work: (ctx: AccountContext, hold: Hold) => Promise<void>,
): Promise<void> {
  return transaction(ctx, async (ctx) => {
    await requireLook(ctx, named.organizationId);
    const [hold] = await ctx.db.select().from(holds).where(its(named)).for("update");
    if (!hold) throw new AppError("not_found", "There is no such hold.");
    if (hold.state !== state) throw new AppError("conflict", `This hold is ${hold.state} already. Load the page anew.`);
    await work(ctx, hold);
  });
}
