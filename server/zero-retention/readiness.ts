import fs from "node:fs";
import os from "node:os";
import type { AccountContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { log } from "#lib/core/log.ts";
import type { Verify } from "#lib/domain/zero-retention/force/commands.ts";
import { checkReadiness, validSubjects } from "#lib/domain/zero-retention/readiness/commands.ts";
import { worstOf } from "#lib/domain/zero-retention/readiness/rules.ts";
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

/** The same, and the log has what came of it. */
export async function lookAndLog(
  ctx: AccountContext,
  options: { isStarting?: boolean } = {},
): Promise<ReadinessLine[]> {
  const lines = await lookAround(ctx, options);
  log("readiness", { state: worstOf(lines), red: named(lines, "red").join(" "), warn: named(lines, "warn").join(" ") });
  return lines;
}

const named = (lines: readonly ReadinessLine[], state: ReadinessLine["state"]): string[] =>
  lines.filter((line) => line.state === state).map(({ check }) => check);

/** Before something becomes active: only where nothing could keep content is it worth asking whether something did. */
export const whenReady =
  (verify: Verify, look: (ctx: AccountContext) => Promise<ReadinessLine[]> = lookAndLog): Verify =>
  async (ctx, request) => {
    const lines = await look(ctx);
    const attested = await validSubjects(ctx);
    if (named(lines, "red").length > 0)
      return { isClean: false, facts: { not_ready: named(lines, "red") }, stuckOn: "readiness" };
    const { isClean, facts } = await verify(ctx, request);
    return { isClean, facts: { ...facts, attested, cannot_be_seen: named(lines, "warn") } };
  };
