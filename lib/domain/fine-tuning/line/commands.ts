import { sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import type { TrainerKind } from "#db/schema/tuning.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { JobRef } from "#lib/domain/fine-tuning/rules.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";
import type { LineUp } from "./rules.ts";

type Row = {
  organization_id: Id<"organization">;
  plan: Plan;
  running: number;
  running_here: number;
  tokens: string;
  jobs: { id: Id<"tuningJob">; startedAt: string; tokens: number }[];
};

/** What waits for a trainer of a kind, by organization; only jobs of some models, where a trainer knows no others. */
export const lineOf = part(
  async (ctx: AccountContext, kind: TrainerKind, models: readonly string[] | null): Promise<LineUp<JobRef>[]> => {
    const known = models === null ? sql`null` : sql`array[${sql.join([...models], sql`, `)}]`;
    const rows = await ctx.db.execute<Row>(
      sql`select * from tuning_line(${kind}, ${known}::text[], ${ctx.now.toISOString()}::timestamptz)`,
    );
    return rows.map(({ organization_id: organizationId, running_here: runningHere, jobs, tokens, plan, running }) => ({
      plan,
      running,
      runningHere,
      tokens: Number(tokens),
      waiting: jobs.map(({ id, startedAt, tokens: size }) => ({
        ref: { organizationId, id },
        startedAt: new Date(startedAt),
        tokens: size,
      })),
    }));
  },
);
