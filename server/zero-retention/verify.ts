import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { inWorkspace, type OrganizationContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { watchLog } from "#lib/core/log.ts";
import { closeVerificationKey, openVerificationKey } from "#lib/domain/keys/verification/commands.ts";
import { loadCatalogue } from "#lib/domain/models/catalogue.ts";
import type { Verify } from "#lib/domain/zero-retention/force/commands.ts";
import { controlSweep, leftIn, markStart, placeOf, sweep } from "#lib/domain/zero-retention/sweep/commands.ts";
import { openDataPlane } from "#lib/gateway/http/data-plane.ts";
import { openFront } from "#server/front.ts";
import { askEverything } from "./canary.ts";
import { echoEngines } from "./echo.ts";
import { filesWith } from "./folder.ts";

/** 24 random characters that are no one's. */
const newCanary = (): string => `zq${randomBytes(11).toString("hex")}`;

type Place = { workspaceId: Id<"workspace">; userId: Id<"user">; headers: Record<string, string> };

/** T-4.2.2.2-ZDR4: everything is asked with a made-up string, by a key of the scope, before an engine that repeats it. */
async function askInScope(ctx: OrganizationContext, place: Place, canary: string): Promise<Record<string, number>> {
  const inside = inWorkspace(ctx, place.workspaceId);
  const { id, secret } = await openVerificationKey(inside, place.userId);
  const plane = await openDataPlane(sql(), env(), echoEngines());
  const front = await openFront({ env: { ...env(), PORT: 0, HOST: "127.0.0.1" }, plane, consolePort: undefined });
  try {
    const { models } = await loadCatalogue(ctx.db, ctx.now);
    const priced = models.filter(({ price }) => price !== null);
    return await askEverything({ port: front.port, secret, models: priced, canary, headers: place.headers });
  } finally {
    await front.close();
    await plane.close();
    await closeVerificationKey(inside, id);
  }
}

/** Where the embedded database and everything else of an installation without configuration lies. */
const searchFolder = (canary: string, since: Date): ReturnType<typeof filesWith> => {
  const folder = path.resolve(env().DATA_DIR);
  const isEmbedded = fs.existsSync(path.join(folder, "postgres"));
  return isEmbedded ? filesWith(folder, canary, since) : Promise.resolve({ files: 0, found: [] });
};

/** Looks for what should not be there: in every table, in the log, in the folder, and in what is counted of the scope. */
export const verifyScope: Verify = async (ctx, request) => {
  const canary = newCanary();
  const isOnRequest = request.scope === "on_request";
  const xid = await markStart(ctx);
  const workspaceId = await placeOf(ctx, request.workspaceId);
  const leftLog = watchLog(canary);
  const headers: Record<string, string> = isOnRequest ? { "x-zero-retention": "require" } : {};
  const statuses = workspaceId ? await askInScope(ctx, { workspaceId, userId: request.userId, headers }, canary) : {};
  const tables = await sweep(ctx, canary, xid);
  const log = leftLog() ? ["log"] : [];
  const files = await searchFolder(canary, addMinutes(ctx.now, -1));
  const left = isOnRequest ? [] : await leftIn(ctx, request);
  const isControlFound = await controlSweep(ctx, newCanary());
  const found = [...tables, ...left, ...files.found, ...log];
  return {
    isClean: found.length === 0 && isControlFound,
    facts: {
      requests: Object.values(statuses).reduce((sum, one) => sum + one, 0),
      statuses,
      files_searched: files.files,
      found,
      control: isControlFound ? "found" : "not found",
    },
  };
};
