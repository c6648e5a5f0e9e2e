import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { keyFilter } from "#lib/domain/keys/input.ts";
import { organizationKey, organizationKeys } from "#lib/domain/keys/listing/queries.ts";
import { callersOf, key, keyChoices, keyPage } from "#lib/domain/keys/queries.ts";
import { spendRate } from "#lib/domain/limits/forecast/queries.ts";
import { keyLimitFilter } from "#lib/domain/limits/input.ts";
import { keyStandingPage } from "#lib/domain/limits/listing/queries.ts";
import {
  keyStanding,
  keyStandings,
  limitNews,
  limitsOf,
  organizationStanding,
  raisersOf,
  standings,
  workspacesAbove,
} from "#lib/domain/limits/queries.ts";
import { raisesLimit } from "#lib/domain/limits/raise/queries.ts";
import { factsOf, rateRequestsOf, workspaceRates } from "#lib/domain/rates/queries.ts";
import { requestFilter } from "#lib/domain/request-log/input.ts";
import { request, requestLines, requestsOf, requestsOfKeySince } from "#lib/domain/request-log/queries.ts";
import { modelDays } from "#lib/domain/usage/months/queries.ts";
import { hasUsage, organizationUsage, spentIn, usageDays } from "#lib/domain/usage/queries.ts";
import { archiveEffect, workspaceOf, workspacesOf } from "#lib/domain/workspaces/queries.ts";
import { liveRates, organizationRates } from "#lib/gateway/rate-limits/gauges.ts";
import type { Operation } from "./operations.ts";

const range = (ctx: Context) => ({
  from: addDays(ctx.now, -3).toISOString().slice(0, 10),
  to: ctx.now.toISOString().slice(0, 10),
});

async function all(lines: AsyncIterable<unknown>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

/** What people do with keys, limits, usage and workspaces. */
export const work: Record<string, Operation> = {
  organizationKeys: { can: "keys.write-any", run: (ctx) => organizationKeys(ctx, { limit: 500, offset: 0 }) },
  organizationKey: {
    can: "keys.write-any",
    within: "organization",
    run: (ctx, { key: id }) => organizationKey(ctx, id),
  },
  keyPage: { can: "keys.read", run: (ctx) => keyPage(ctx, keyFilter.parse({})) },
  keyChoices: { can: "keys.read", isQuiet: true, run: (ctx, { key: id }) => keyChoices(ctx, { id }) },
  key: { can: "keys.read", within: "workspace", run: (ctx, place) => key(ctx, place.key) },
  callersOf: { can: "keys.read", isQuiet: true, run: (ctx, place) => callersOf(ctx, place.key, addDays(ctx.now, -3)) },
  spendRate: {
    can: "limits.read",
    isQuiet: true,
    run: (ctx, place) => spendRate(ctx, { scope: "key", scopeId: place.key }),
  },
  standings: { can: "limits.read", run: standings },
  organizationStanding: { can: "limits.read", run: organizationStanding },
  limitNews: { can: "workspace.read", run: limitNews },
  raisersOf: { can: "workspace.read", run: (ctx) => raisersOf(ctx, "organization") },
  keyStandings: { can: "limits.read", isQuiet: true, run: (ctx, { key: id }) => keyStandings(ctx, [id]) },
  keyStandingPage: { can: "limits.read", run: (ctx) => keyStandingPage(ctx, keyLimitFilter.parse({})) },
  keyStanding: { can: "limits.read", within: "workspace", run: (ctx, place) => keyStanding(ctx, place.key) },
  workspacesAbove: { can: "limits.read", run: (ctx) => workspacesAbove(ctx, 0n) },
  limitsOf: { can: "limits.read", run: limitsOf },
  raisesLimit: {
    can: "limits.read",
    isQuiet: true,
    run: (ctx, place) => raisesLimit(ctx, { scope: "key", scopeId: place.key, limit: 1n }),
  },
  factsOf: { can: "organization.read", run: factsOf },
  liveRates: { can: "limits.read", run: liveRates },
  organizationRates: { can: "limits.read", run: organizationRates },
  rateRequestsOf: { can: "rates.request", run: rateRequestsOf },
  workspaceRates: { can: "limits.read", run: workspaceRates },
  requestsOf: { can: "requests.read", run: (ctx) => requestsOf(ctx, requestFilter.parse({})) },
  requestLines: { can: "requests.read", run: (ctx) => all(requestLines(ctx, requestFilter.parse({}))) },
  request: { can: "requests.read", within: "workspace", run: (ctx, place) => request(ctx, place.request) },
  requestsOfKeySince: {
    can: "requests.read",
    isQuiet: true,
    run: (ctx, place) => requestsOfKeySince(ctx, place.key, addDays(ctx.now, -3)),
  },
  modelDays: {
    can: "usage.read-organization",
    isQuiet: true,
    run: (ctx, { workspaceId }) => modelDays(ctx, { from: addDays(ctx.now, -3), to: addDays(ctx.now, 1), workspaceId }),
  },
  usageDays: { can: "usage.read", run: (ctx) => usageDays(ctx, "key", range(ctx)) },
  spentIn: { can: "usage.read", run: (ctx) => spentIn(ctx, ctx.now) },
  hasUsage: { can: "workspace.read", run: hasUsage },
  organizationUsage: { can: "system.operate", run: organizationUsage },
  workspacesOf: { can: "organization.read", run: workspacesOf },
  workspaceOf: {
    can: "organization.read",
    within: "organization",
    isQuiet: true,
    run: (ctx, { workspaceId }) => workspaceOf(ctx, workspaceId).catch(quiet),
  },
  archiveEffect: {
    can: "workspaces.write",
    within: "organization",
    run: (ctx, { workspaceId }) => archiveEffect(ctx, workspaceId),
  },
};

/** A person who sees a part of the organization only is told of the rest that it is not there. */
function quiet(error: unknown): null {
  if (error instanceof Error && "problem" in error && error.problem === "not_found") return null;
  throw error;
}
