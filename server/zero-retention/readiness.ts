import fs from "node:fs";
import os from "node:os";
import type { AccountContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import type { Verify } from "#lib/domain/zero-retention/force/commands.ts";
import { checkReadiness, validSubjects } from "#lib/domain/zero-retention/readiness/commands.ts";
import type { ReadinessLine } from "#lib/domain/zero-retention/readiness/view.ts";
import { quietModels, servedModels } from "#lib/engine/engines.ts";
import { postgresHome } from "#server/settle-environment.ts";
import { machineFacts } from "./machine.ts";

/** T-4.2.2.2-ZDR4: looks at this machine, its processes and the database for what could keep content. */
export function lookAround(
  ctx: AccountContext,
  { isStarting = false, isJob = ctx.actor.kind === "job" } = {},
): Promise<ReadinessLine[]> {
  const home = postgresHome(env().DATA_DIR);
  const isEmbedded = env().DEMO === "on" && fs.existsSync(home);
  return checkReadiness(ctx, {
    place: os.hostname(),
    isEmbedded,
    isStarting,
    isJob,
    machine: machineFacts(isEmbedded ? home : null),
    models: servedModels(env()).length,
    quietModels: quietModels(env()).size,
  });
}

/** Before something becomes active: only where nothing could keep content is it worth asking whether something did. */
export const whenReady =
  (verify: Verify, look: (ctx: AccountContext) => Promise<ReadinessLine[]> = lookAround): Verify =>
  async (ctx, request) => {
    const lines = await look(ctx);
    const named = (state: ReadinessLine["state"]) =>
      lines.filter((line) => line.state === state).map(({ check }) => check);
    const attested = await validSubjects(ctx);
    if (named("red").length > 0) return { isClean: false, facts: { not_ready: named("red") }, stuckOn: "readiness" };
    const { isClean, facts } = await verify(ctx, request);
    return { isClean, facts: { ...facts, attested, cannot_be_seen: named("warn") } };
  };
