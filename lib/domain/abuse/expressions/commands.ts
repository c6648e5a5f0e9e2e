import { and, eq, max, sql } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { abuseRules } from "#db/schema/monitoring.ts";
import { personOf } from "#lib/core/access/person.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { proposeRuleInput, ruleInput } from "./input.ts";
import type { AbuseRule } from "./view.ts";

const isNamed = (name: string) => sql`lower(${abuseRules.name}) = lower(${name})`;

const audit = (ctx: AccountContext, { id, name, version }: Pick<AbuseRule, "id" | "name" | "version">, state: string) =>
  writeAudit(ofProvider(ctx), {
    action: "abuse.rule",
    object: { type: "abuse_rule", id },
    after: { name, version, state },
    clause: "T-4.2.2-ABUSE",
  });

/** Writes a rule, or the next version of the one with its name. It looks at nothing until another person approves it. */
export const proposeRule = command({
  can: "abuse.decide",
  within: "account",
  input: proposeRuleInput,
  run: (ctx, { name, category, expression }): Promise<Id<"abuseRule">> =>
    transaction(ctx, async (ctx) => {
      await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${`abuse rule ${name.toLowerCase()}`}))`);
      if ((await ctx.db.$count(abuseRules, and(isNamed(name), eq(abuseRules.state, "proposed")))) > 0)
        throw new AppError("conflict", "A version of this rule waits for a second person already.");
      const [last] = await ctx.db
        .select({ version: max(abuseRules.version) })
        .from(abuseRules)
        .where(isNamed(name));
      const id = newId("abuseRule", ctx.now);
      const version = (last?.version ?? 0) + 1;
      const proposed = { proposedBy: personOf(ctx.actor).id, proposedAt: ctx.now };
      await ctx.db
        .insert(abuseRules)
        .values({ id, name, version, category, expression, state: "proposed", ...proposed });
      await audit(ctx, { id, name, version }, "proposed");
      return id;
    }),
});

/** Puts a rule in force, in place of its version before; whoever wrote it does not. */
export const approveRule = command({
  can: "abuse.decide",
  within: "account",
  input: ruleInput,
  run: (ctx, { ruleId }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const rule = await locked(ctx, ruleId, "proposed");
      const { id: person } = personOf(ctx.actor);
      if (person === rule.proposedBy)
        throw new AppError("forbidden", "You wrote this rule; another person has to approve it.", {
          code: "second_person",
        });
      await ctx.db
        .update(abuseRules)
        .set({ state: "retired", endedAt: ctx.now, endedBy: person })
        .where(and(isNamed(rule.name), eq(abuseRules.state, "active")));
      await ctx.db
        .update(abuseRules)
        .set({ state: "active", startedAt: ctx.now, approvedBy: person })
        .where(eq(abuseRules.id, ruleId));
      await audit(ctx, rule, "active");
    }),
});

/** Drops a rule that waits, or takes one out of force. */
export const endRule = command({
  can: "abuse.decide",
  within: "account",
  input: ruleInput,
  run: (ctx, { ruleId }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const rule = await locked(ctx, ruleId);
      const state = rule.state === "proposed" ? "dropped" : "retired";
      await ctx.db
        .update(abuseRules)
        .set({ state, endedAt: ctx.now, endedBy: personOf(ctx.actor).id })
        .where(eq(abuseRules.id, ruleId));
      await audit(ctx, rule, state);
    }),
});

async function locked(ctx: AccountContext, id: Id<"abuseRule">, state?: AbuseRule["state"]): Promise<AbuseRule> {
  const [rule] = await ctx.db.select().from(abuseRules).where(eq(abuseRules.id, id)).for("update");
  if (!rule) throw new AppError("not_found", "There is no such rule.");
  const isOver = rule.endedAt !== null || (state !== undefined && rule.state !== state);
  if (isOver) throw new AppError("conflict", `This rule is ${rule.state} already. Load the page anew.`);
  return rule;
}
