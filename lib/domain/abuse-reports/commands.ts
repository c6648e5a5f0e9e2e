import { and, eq, isNull, lt } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { abuseReports } from "#db/schema/reports.ts";
import { personOf } from "#lib/core/access/person.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { addDays } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { spendAttempt } from "#lib/domain/account/attempts/commands.ts";
import { addressBlock } from "#lib/domain/account/attempts/rules.ts";
import { decideReportInput, reportInput } from "./input.ts";

/** T-4.1-USE: anyone tells us of abuse, without an account. The row is its own record; only staff see it. */
export const reportAbuse = command({
  can: "account.open",
  within: "account",
  input: reportInput,
  run: async (ctx, { kind, words, place, contact }): Promise<void> => {
    await spendAttempt(ctx, "report:address", addressBlock(ctx.origin.address));
    const id = newId("abuseReport", ctx.now);
    await ctx.db.insert(abuseReports).values({ id, kind, words, place, contact, createdAt: ctx.now });
  },
});

/** Says what came of a report, once. */
export const decideReport = command({
  can: "abuse.decide",
  within: "account",
  input: decideReportInput,
  run: (ctx, { id, outcome, note }): Promise<void> =>
    transaction(ctx, async (ctx) => {
      const { id: decidedBy, name: decidedName } = personOf(ctx.actor);
      const decided = await ctx.db
        .update(abuseReports)
        .set({ outcome, note, decidedBy, decidedName, decidedAt: ctx.now })
        .where(and(eq(abuseReports.id, id), isNull(abuseReports.outcome)))
        .returning({ kind: abuseReports.kind });
      if (!decided[0]) throw new AppError("conflict", "This report is decided already, or there is none.");
      await writeAudit(ofProvider(ctx), {
        action: "abuse.decide-report",
        object: { type: "abuse_report", id },
        after: { kind: decided[0].kind, outcome },
        clause: "T-4.1-USE",
      });
    }),
});

/** Removes reports a year after what came of them was written down; who reported is no one's to know for longer. */
export const endReports = part(async (ctx: AccountContext): Promise<void> => {
  await ctx.db.delete(abuseReports).where(lt(abuseReports.decidedAt, addDays(ctx.now, -365)));
});
