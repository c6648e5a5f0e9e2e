import { afterAll } from "vitest";
import { uuidOf } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { parse } from "#lib/core/env.ts";
import { createAdminKey } from "#lib/domain/admin-keys/commands.ts";
import { publishCatalogue } from "#lib/domain/models/commands.ts";
import { servedModels } from "#lib/engine/engines.ts";
import { openDataPlane } from "#lib/gateway/http/data-plane.ts";
import { checkedFetch, checkerOf } from "#lib/testing/openapi.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { openFront } from "#server/front.ts";
import { systemContext } from "#server/system-context.ts";

/** For tests: a front of its own, and customers who administer themselves by programs. */
export const { db, sql } = await testDatabase();
const models = [{ id: "m", price: { input: 1, output: 2 } }];
const upstreams = [{ id: "none", url: "http://127.0.0.1:9/v1", models }];
const env = parse({ ...process.env, PORT: "0", EMBEDDED_MODELS: "off", UPSTREAMS: JSON.stringify(upstreams) });
await publishCatalogue(systemContext("test"), servedModels(env));
const plane = await openDataPlane(sql, env);
export const front = await openFront({ env, plane, consolePort: undefined });
afterAll(async () => {
  await front.close();
  await plane.close();
});

const checked = checkedFetch(await checkerOf(`http://127.0.0.1:${front.port}`, { anyQuery: true }));

export type Asked = { method?: string; key?: string; headers?: Record<string, string>; body?: unknown };

export async function ask(path: string, { method = "GET", key = "", headers, body }: Asked = {}) {
  const answer = await checked(`http://127.0.0.1:${front.port}${path}`, {
    method,
    headers: headers ?? { "x-api-key": key },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  // biome-ignore lint/suspicious/noExplicitAny: what a program reads has no type
  return { status: answer.status, body: text === "" ? null : (JSON.parse(text) as any) };
}

/** An organization with an admin key, and one more person in it. */
export async function customer(access: "read" | "write" = "write") {
  const ctx = await testWorkspace(db);
  const made = await createAdminKey(ctx, { name: "automation", access, expires: null });
  const colleague = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  return { ctx, colleague, key: made.secret, id: made.id };
}

export const ids = (ctx: Context) => ({ user: uuidOf(ctx.actor.id as never), workspace: uuidOf(ctx.workspaceId) });
