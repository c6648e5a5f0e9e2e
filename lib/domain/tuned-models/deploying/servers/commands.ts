import { and, eq, isNull } from "drizzle-orm";
import { tunedModelServers, tunedModels } from "#db/schema/tuned-models.ts";
import { part } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import type { Round } from "#lib/domain/tuned-models/deploying/round/commands.ts";
import { isSurelyGone } from "#lib/domain/tuned-models/deploying/rules.ts";
import type { Deployable, ServerRow } from "#lib/domain/tuned-models/deploying/view.ts";
import type { Deployer } from "#lib/engine/adapters/deployers.ts";
import type { Settled } from "#lib/engine/adapters/settle.ts";

type Plan = { known: readonly ServerRow[]; models: readonly Deployable[]; deployers: readonly Deployer[] };

/**
 * Writes down which servers are about to be told to load what, before they are: a deletion finds them all. Says which of the
 * models are there still.
 */
export const planServers = part(
  async (ctx: AccountContext, { known, models, deployers }: Plan): Promise<Deployable[]> => {
    const before = new Set(known.map(placeOf));
    const there: Deployable[] = [];
    for (const model of models) {
      const rows = deployers.flatMap((deployer) => plannedRows(ctx, model, deployer));
      const added = rows.filter((row) => !before.has(placeOf(row)));
      if (added.length === 0 || (await add(ctx, model, added))) there.push(model);
    }
    return there;
  },
);

function plannedRows(ctx: AccountContext, model: Deployable, deployer: Deployer): ServerRow[] {
  const { organizationId, workspaceId, id: modelId, target: adapter } = model;
  if (!deployer.models.has(model.base)) return [];
  return deployer.servers.map((_, at) => ({
    ...{ organizationId, adapter, upstream: deployer.upstream, replica: at + 1, modelId, workspaceId },
    ...{ state: "missing" as const, problem: null, changedAt: ctx.now, removedAt: null, namedAt: null },
  }));
}

const add = (ctx: AccountContext, { organizationId, id }: Deployable, rows: ServerRow[]): Promise<boolean> =>
  transaction(ctx, async (ctx) => {
    const its = and(eq(tunedModels.organizationId, organizationId), eq(tunedModels.id, id));
    const found = await ctx.db.select({ id: tunedModels.id }).from(tunedModels).where(its).for("share");
    if (found.length > 0) await ctx.db.insert(tunedModelServers).values(rows).onConflictDoNothing();
    return found.length > 0;
  });

type Facts = { known: readonly ServerRow[]; models: readonly Deployable[]; rounds: readonly Round[] };
type Place = Pick<ServerRow, "organizationId" | "adapter" | "upstream" | "replica">;

const placeOf = ({ organizationId, adapter, upstream, replica }: Place): string =>
  [organizationId, adapter, upstream, replica].join(" ");

/** Writes down which server has what, and what became of adapters that are not wanted any more. */
export const noteServers = part(async (ctx: AccountContext, { known, models, rounds }: Facts): Promise<void> => {
  const before = new Map(known.map((row) => [placeOf(row), row]));
  const wanted = models.flatMap((model) => rounds.flatMap((round) => rowsOf(ctx, model, round)));
  const isWanted = new Set(wanted.map(placeOf));
  for (const row of wanted) {
    const old = before.get(placeOf(row));
    if (old?.state !== row.state || old.problem !== row.problem) await put(ctx, row);
  }
  for (const row of known) if (!isWanted.has(placeOf(row))) await unwanted(ctx, row, rounds);
});

function rowsOf(ctx: AccountContext, model: Deployable, round: Round): ServerRow[] {
  const { organizationId, workspaceId, id: modelId, target } = model;
  const { deployer, servers, unlaid } = round;
  if (!deployer.models.has(model.base)) return [];
  const names = [target, model.upstreamModel].filter((name): name is string => name !== null);
  return [...new Set(names)].flatMap((adapter) =>
    servers.map((server, at) => ({
      ...{ organizationId, adapter, upstream: deployer.upstream, replica: at + 1, modelId, workspaceId },
      state: server.has?.has(adapter) ? ("loaded" as const) : ("missing" as const),
      problem: problemOf(server, adapter) ?? unlaid.get(adapter) ?? null,
      changedAt: ctx.now,
      removedAt: null,
      namedAt: null,
    })),
  );
}

const problemOf = ({ problem, problems }: Settled, adapter: string): string | null =>
  problem ?? problems.get(adapter) ?? null;

/** Not where the model was deleted meanwhile: its rows say then what is to be dropped. */
const put = (ctx: AccountContext, row: ServerRow) =>
  ctx.db
    .insert(tunedModelServers)
    .values(row)
    .onConflictDoUpdate({
      target: [
        tunedModelServers.organizationId,
        tunedModelServers.adapter,
        tunedModelServers.upstream,
        tunedModelServers.replica,
      ],
      set: { state: row.state, problem: row.problem, changedAt: row.changedAt },
      setWhere: isNull(tunedModelServers.removedAt),
    });

async function unwanted(ctx: AccountContext, row: ServerRow, rounds: readonly Round[]): Promise<void> {
  if (row.state === "unloaded" || row.state === "gone") return;
  const round = rounds.find(({ deployer }) => deployer.upstream === row.upstream);
  const server = round?.servers[row.replica - 1];
  const set = server ? droppedBy(server, row, ctx.now) : ({ state: "gone", problem: null } as const);
  if (row.removedAt === null) {
    // The model is there, so nobody waits for a receipt.
    if (set.state !== "unloading") await ctx.db.delete(tunedModelServers).where(itself(row));
    return;
  }
  if (set.state === row.state && set.problem === row.problem) return;
  await ctx.db
    .update(tunedModelServers)
    .set({ ...set, changedAt: ctx.now })
    .where(itself(row));
}

function droppedBy(
  server: Settled,
  { adapter, removedAt }: ServerRow,
  now: Date,
): Pick<ServerRow, "state" | "problem"> {
  if (server.has === null || server.has.has(adapter))
    return { state: "unloading", problem: problemOf(server, adapter) ?? "It has it still." };
  return { state: removedAt && !isSurelyGone(removedAt, now) ? "unloading" : "unloaded", problem: null };
}

const itself = ({ organizationId, adapter, upstream, replica }: Place) =>
  and(
    eq(tunedModelServers.organizationId, organizationId),
    eq(tunedModelServers.adapter, adapter),
    eq(tunedModelServers.upstream, upstream),
    eq(tunedModelServers.replica, replica),
  );
