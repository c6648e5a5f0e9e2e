import type { Sql } from "postgres";
import type { Id } from "#db/id.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { type ConnectorId, connectors } from "#lib/core/connectors.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { connectService } from "#lib/domain/connections/connecting/commands.ts";
import { connectInput } from "#lib/domain/connections/input.ts";
import { deliverEvent } from "#lib/domain/connections/jobs.ts";

/** For tests: lets connections reach this machine. */
export const reachLocal = (): void =>
  void Object.assign(env(), { DEMO: "on", OUTGOING_ALLOWED_RANGES: "127.0.0.1/32" });

/** For tests: the same place as a worker stands in it. */
export const asWorker = (ctx: Context, now = ctx.now): Context => {
  const actor = { kind: "job", id: "test", name: "test", permissions: new Set(systemPermissions) } as const;
  return { ...ctx, now, actor };
};

export const versionOf = (connector: ConnectorId): number => connectors[connector].disclaimer.version;

type Slack = { url: string; events?: string[]; name?: string; scope?: "workspace" | "organization" };

/** For tests: a chat's channel that is told of events. */
export const connectSlack = (
  ctx: Context,
  { url, events = ["api_key.created"], name = "#ops", scope = "organization" }: Slack,
) =>
  connectService(
    ctx,
    connectInput.parse({ connector: "slack", name, scope, acknowledged: versionOf("slack"), secretUrl: url, events }),
  );

/** For tests: runs the deliveries to connections that are queued, as workers would. */
export async function deliverQueued(sql: Sql): Promise<number> {
  const jobs = await sql`select payload from graphile_worker._private_jobs as job
    join graphile_worker._private_tasks as task on task.id = job.task_id where task.identifier = 'integrations.deliver-event'`;
  await sql`delete from graphile_worker._private_jobs`;
  for (const { payload } of jobs) await deliverEvent.perform(payload);
  return jobs.length;
}

export const attemptsOf = (sql: Sql, id: Id<"connection">) =>
  sql`select kind, about, status, outcome, error from connection_attempts where connection_id = ${id} order by id`;
