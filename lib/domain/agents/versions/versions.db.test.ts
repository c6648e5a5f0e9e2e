import { beforeAll, beforeEach, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { models } from "#db/schema/models.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { createAgent, publishAgent } from "#lib/domain/agents/commands.ts";
import { agentOf } from "#lib/domain/agents/queries.ts";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { removeAlias, setAlias, switchVersion } from "./commands.ts";
import { aliasesOf, versionNumbers, versionOf, versionsOf } from "./queries.ts";

const { db, sql } = await testDatabase();
const capabilities = {
  completion_chat: true,
  completion_fim: false,
  embeddings: false,
  function_calling: true,
  fine_tuning: false,
  vision: false,
  reasoning: false,
};
const named = { name: "m", description: "m", ownedBy: "us", upstream: "fake", upstreamModel: "m" };
await db.insert(models).values({ ...named, id: "small", maxContextLength: 999, capabilities, createdAt: new Date(0) });

let owner: Context;
let reader: Context;
let id: Id<"agent">;
beforeAll(async () => {
  owner = await testWorkspace(db);
  reader = await testWorkspace(db, { within: owner, roles: ["user"] });
});

/** An agent whose version says its own number. */
beforeEach(async () => {
  const content = (number: number) => ({ ...emptyContent("small"), instructions: String(number) });
  const publish = { message: "Version 0", attested: true };
  const made = await createAgent(owner, { name: "Agent", content: content(0), source: "agent_builder_v1", publish });
  id = made.id;
  for (const number of [1, 2])
    await publishAgent(owner, id, { content: content(number), message: null, attested: true });
});

const answered = async (ctx: Context, asked?: number | string) =>
  (await versionOf(ctx, await agentOf(ctx, id), asked)).content.instructions;

test("T-4.3-CREATE: an earlier version answers again once it is made current, and none is lost by it", async () => {
  expect(await answered(reader)).toBe("2");
  expect((await switchVersion(owner, { agent: id, version: 0 })).version).toBe(0);
  expect(await answered(reader)).toBe("0");
  expect((await versionsOf(reader, id)).map(({ version }) => version)).toEqual([2, 1, 0]);
  const [row] =
    await sql`select before, after from audit_events where object_id = ${id} and action = 'agent.switch-version'`;
  expect(row).toMatchObject({ before: { version: 2 }, after: { version: 0 } });
});

test("what is published after an earlier version was made current gets a number of its own", async () => {
  await switchVersion(owner, { agent: id, version: 0 });
  const { version } = await publishAgent(owner, id, { message: null, attested: true });
  expect(version).toBe(3);
  expect(await versionNumbers(owner, await agentOf(owner, id))).toEqual([0, 1, 2, 3]);
  expect(await answered(reader)).toBe("0");
});

test("an alias points to a version until it is moved, and names nothing once it is removed", async () => {
  expect(await setAlias(owner, { agent: id, alias: "production", version: 1 })).toMatchObject({
    alias: "production",
    version: 1,
  });
  expect(await answered(reader, "production")).toBe("1");
  await setAlias(owner, { agent: id, alias: "production", version: 2 });
  expect(await answered(reader, "production")).toBe("2");
  expect(await aliasesOf(reader, id)).toHaveLength(1);
  await removeAlias(owner, { agent: id, alias: "production" });
  await expect(answered(reader, "production")).rejects.toMatchObject({ code: "agent_version_not_found" });
  await expect(removeAlias(owner, { agent: id, alias: "production" })).rejects.toMatchObject({ problem: "not_found" });
});

test("versions that are not there cannot be asked for, made current or named", async () => {
  for (const asked of [() => answered(owner, 9), () => answered(owner, "9"), () => answered(owner, "nightly")]) {
    await expect(asked()).rejects.toMatchObject({ code: "agent_version_not_found" });
  }
  await expect(switchVersion(owner, { agent: id, version: 9 })).rejects.toMatchObject({
    code: "agent_version_not_found",
  });
  await expect(setAlias(owner, { agent: id, alias: "nightly", version: 9 })).rejects.toMatchObject({
    code: "agent_version_not_found",
  });
});

test("T-4.3-SHARE3: who may not change an agent changes no version, and to others there is nothing", async () => {
  const changes = (ctx: Context) => [
    () => switchVersion(ctx, { agent: id, version: 0 }),
    () => setAlias(ctx, { agent: id, alias: "mine", version: 0 }),
    () => removeAlias(ctx, { agent: id, alias: "mine" }),
  ];
  for (const asked of changes(reader)) await expect(asked()).rejects.toMatchObject({ problem: "forbidden" });
  const foreign = await testWorkspace(db);
  for (const asked of [...changes(foreign), () => versionsOf(foreign, id), () => aliasesOf(foreign, id)]) {
    await expect(asked()).rejects.toMatchObject({ code: "agent_not_found" });
  }
});
