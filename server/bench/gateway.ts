import cluster from "node:cluster";
import { once } from "node:events";
import { db, sql } from "#db/client.ts";
import { freePort } from "#db/embedded.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { inOrganization, inWorkspace } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { pico } from "#lib/core/money.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { setKeyLimit, setOrganizationLimit, setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { setOverride } from "#lib/domain/rates/commands.ts";
import { settleKeyring } from "#lib/domain/retention/keyring/commands.ts";
import { provisionOrganization } from "#lib/domain/sign-up/provisioning/commands.ts";
import { preparePartitions } from "#lib/domain/usage/commands.ts";
import { servedModels } from "#lib/engine/engines.ts";
import { openDataPlane } from "#lib/gateway/http/data-plane.ts";
import { openFront } from "#server/front.ts";
import { frontFlags } from "#server/node-flags.ts";
import { systemContext } from "#server/system-context.ts";
import type { Ready } from "./parts.ts";

const million = pico(10n ** 18n);
const plenty = 1_000_000_000;

/** The product's own front with every guard it has in production; the console is left out. */
export async function openGateway(): Promise<Ready> {
  const ctx = { ...systemContext("bench"), db: db() };
  await settleKeyring(ctx);
  await preparePartitions(ctx);
  await publishCatalogue(ctx, servedModels(env()));
  const secrets: string[] = [];
  for (let i = 0; i < Number(process.env.BENCH_CUSTOMERS ?? 1); i++)
    secrets.push(await customer(ctx, `Bench ${i}`, plenty));
  const limited = await customer(ctx, "Limited", 0.001);
  const overBudget = await customer(ctx, "Over budget", plenty, pico(0n));
  return { ...(await openOneFront()), secrets, blocked: { limited, overBudget } };
}

/** A front alone, for customers who are there already. */
export async function openOneFront(): Promise<Ready> {
  const plane = await openDataPlane(sql(), env());
  const { port } = await openFront({ env: env(), plane, consolePort: undefined });
  return { port };
}

/** Several fronts on one port, each a process, as the supervisor starts them. */
export async function openFronts(count: number): Promise<Ready> {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: process.argv[1], args: ["front"], execArgv: frontFlags() });
  const port = await freePort();
  const workers = Array.from({ length: count }, () => cluster.fork({ PORT: String(port) }));
  await Promise.all(workers.map((worker) => once(worker, "message")));
  return { port, pids: workers.map((worker) => worker.process.pid ?? 0) };
}

/** An organization whose key, workspace and organization all have limits, with rate limits of its own. */
async function customer(ctx: AccountContext, name: string, perSecond: number, limit = million): Promise<string> {
  const ownerEmail = `${name.toLowerCase().replaceAll(" ", "-")}@example.com`;
  const { organizationId, workspaceId, userId } = await provisionOrganization(ctx, { name, ownerEmail, plan: "paid" });
  const own: Context = inWorkspace(inOrganization(ctx, organizationId), workspaceId);
  const scopes = ["completions:create" as const, "files:write" as const];
  const { id, secret } = await createKey(
    own,
    { name, scopes, models: null, addresses: null, expiresInDays: null },
    userId,
  );
  await setOverride(own, {
    workspaceId: null,
    model: null,
    requestsPerSecond: perSecond,
    tokensPerMinute: plenty,
    tokensPerMonth: null,
    reason: "A load test.",
    purchaseOrder: null,
    expires: null,
  });
  const limits = { limit, alerts: [100] };
  await setOrganizationLimit(own, limits);
  await setWorkspaceLimit(own, limits);
  await setKeyLimit(own, { id, period: "month", ...limits });
  return secret;
}
