import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { sql } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { type AccountContext, inOrganization, inWorkspace } from "#lib/core/context.ts";
import { type Env, env } from "#lib/core/env.ts";
import { watchLog } from "#lib/core/log.ts";
import { closeVerificationKey, openVerificationKey } from "#lib/domain/keys/verification/commands.ts";
import { loadCatalogue } from "#lib/domain/models/catalogue.ts";
import { checkPlaces } from "#lib/domain/zero-retention/control/commands.ts";
import type { Verdict, Verify } from "#lib/domain/zero-retention/force/commands.ts";
import { controlSweep, leftIn, markStart, placeOf, sweep } from "#lib/domain/zero-retention/sweep/commands.ts";
import { upstreamAlone, upstreamsOf } from "#lib/engine/config.ts";
import { type Engines, openEngines } from "#lib/engine/engines.ts";
import { openDataPlane } from "#lib/gateway/http/data-plane.ts";
import { openFront } from "#server/front.ts";
import { askEverything, askPlainly } from "./canary.ts";
import { isInContentLog } from "./control.ts";
import { echoEngines } from "./echo.ts";
import { filesWith } from "./folder.ts";

/** 24 random characters that are no one's. */
const newCanary = (): string => `zq${randomBytes(11).toString("hex")}`;

type Place = {
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  userId: Id<"user">;
  headers: Record<string, string>;
};
type Asked<T> = (at: { port: number; secret: string; headers: Record<string, string> }) => Promise<T>;

/** Asks by a key of a workspace's, good for this alone, at a front of its own; what is to be stored is stored after it. */
async function askAs<T>(ctx: AccountContext, place: Place, engines: Engines, ask: Asked<T>): Promise<T> {
  const inside = inWorkspace(inOrganization(ctx, place.organizationId), place.workspaceId);
  const { id, secret } = await openVerificationKey(inside, place.userId);
  const plane = await openDataPlane(sql(), env(), engines);
  const front = await openFront({ env: { ...env(), PORT: 0, HOST: "127.0.0.1" }, plane, consolePort: undefined });
  try {
    return await ask({ port: front.port, secret, headers: place.headers });
  } finally {
    await front.close();
    await plane.close();
    await closeVerificationKey(inside, id);
  }
}

/** T-4.2.2.2-ZDR4: everything is asked with a made-up string, before an engine that repeats it. */
async function askEverythingIn(ctx: AccountContext, place: Place, canary: string, most?: number) {
  const { models } = await loadCatalogue(ctx.db, ctx.now);
  const priced = models.filter(({ price }) => price !== null);
  return askAs(ctx, place, echoEngines(), (at) => askEverything({ ...at, models: priced, canary }, most));
}

/** Once plainly through each upstream that is said to keep nothing: how our own way there treats it, and what it answered. */
async function askUpstreams(ctx: AccountContext, place: Place, canary: string): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  for (const upstream of upstreamsOf(env().UPSTREAMS)) {
    const model = upstream.models.find(({ capabilities }) => capabilities.completion_chat);
    if (!upstream.zdr || !model) continue;
    const alone: Env = {
      ...env(),
      EMBEDDED_MODELS: "off",
      UPSTREAMS: upstreamAlone(env().UPSTREAMS, upstream.id),
    };
    statuses[upstream.id] = await askAs(ctx, place, openEngines(alone), (at) =>
      askPlainly({ ...at, canary }, model.id),
    );
  }
  return statuses;
}

/** Where the embedded database and everything else of an installation without configuration lies. */
function ownFolders(): string[] {
  const folder = path.resolve(env().DATA_DIR);
  return fs.existsSync(path.join(folder, "postgres")) ? [folder] : [];
}

async function searchFolders(folders: readonly string[], canary: string, since: Date) {
  const all = { files: 0, found: [] as string[] };
  for (const folder of folders) {
    const { files, found } = await filesWith(folder, canary, since);
    all.files += files;
    all.found.push(...found);
  }
  return all;
}

/**
 * The same is asked in a workspace of the provider's own that keeps things as everyone's does. Its end user is found in the
 * clear, and its content in the log that has to be opened: so what is searched is where it would be.
 */
async function isControlFound(ctx: AccountContext): Promise<{ isFound: boolean; facts: Record<string, unknown> }> {
  const { organizationId, userId, kept: workspaceId } = await checkPlaces(ctx);
  const canary = newCanary();
  const xid = await markStart(ctx);
  await askEverythingIn(ctx, { organizationId, workspaceId, userId, headers: {} }, canary, 4);
  const isOpened = await isInContentLog(ctx, { organizationId, workspaceId }, canary);
  const seen = await sweep(ctx, canary, xid);
  const forms = await controlSweep(ctx, newCanary());
  const isFound = isOpened && forms && seen.includes("public.usage_events");
  return { isFound, facts: { control: isFound ? "found" : "not found", control_opened: isOpened, control_in: seen } };
}

/** Asks in a place that keeps nothing, and looks for what should not be there: in tables, in the log, in files. */
export async function prove(ctx: AccountContext, place: Place | null, folders: readonly string[]): Promise<Verdict> {
  const canary = newCanary();
  const xid = await markStart(ctx);
  const leftLog = watchLog(canary);
  const statuses = place ? await askEverythingIn(ctx, place, canary) : {};
  const upstreams = place ? await askUpstreams(ctx, place, canary) : {};
  const tables = await sweep(ctx, canary, xid);
  const log = leftLog() ? ["log"] : [];
  const files = await searchFolders(folders, canary, addMinutes(ctx.now, -1));
  const control = await isControlFound(ctx);
  const found = [...tables, ...files.found, ...log];
  return {
    isClean: found.length === 0 && control.isFound,
    facts: {
      requests: Object.values(statuses).reduce((sum, one) => sum + one, 0),
      statuses,
      upstreams,
      files_searched: files.files,
      found,
      ...control.facts,
    },
  };
}

/** T-4.2.2.2-ZDR4: the whole check of a customer's scope, and what is counted of it. */
export const verifyScope: Verify = async (ctx, request) => {
  const isOnRequest = request.scope === "on_request";
  const workspaceId = await placeOf(ctx, request.workspaceId);
  const headers: Record<string, string> = isOnRequest ? { "x-zero-retention": "require" } : {};
  const { organizationId, userId } = request;
  const { isClean, facts } = await prove(
    ctx,
    workspaceId ? { organizationId, workspaceId, userId, headers } : null,
    ownFolders(),
  );
  const left = isOnRequest ? [] : await leftIn(ctx, request);
  const found = [...(facts.found as string[]), ...left];
  return { isClean: isClean && left.length === 0, facts: { ...facts, found } };
};

/** The same in the provider's own workspace that keeps nothing, and in whichever folders the operator names. */
export async function proveHere(ctx: AccountContext, folders: readonly string[]): Promise<Verdict> {
  const { organizationId, userId, quiet: workspaceId } = await checkPlaces(ctx);
  const place = { organizationId, workspaceId, userId, headers: {} };
  return prove(ctx, place, [...ownFolders(), ...folders.map((folder) => path.resolve(folder))]);
}
