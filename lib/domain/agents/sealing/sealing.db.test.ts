import { expect, test } from "vitest";
import type { AgentContent } from "#db/schema/agents.ts";
import { models } from "#db/schema/models.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { lastingKey } from "#lib/core/keyring/lasting.ts";
import { modelNames } from "#lib/domain/agents/builder/queries.ts";
import { createAgent, publishAgent, saveDraft, setIdentity } from "#lib/domain/agents/commands.ts";
import { agentOf, agentsOf, draftOf } from "#lib/domain/agents/queries.ts";
import { deleteAgent } from "#lib/domain/agents/receipts/commands.ts";
import { emptyContent } from "#lib/domain/agents/rules.ts";
import { publishedOf, versionOf, versionsOf } from "#lib/domain/agents/versions/queries.ts";
import { settleKeyring, turnRings } from "#lib/domain/retention/keyring/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { sealAgents } from "./commands.ts";

const { db, sql } = await testDatabase();
const operator = (moment = now()) => ({ ...systemContext("test"), db, now: moment });
await settleKeyring(operator());
const canary = "the canary sings at dawn";

const content = (number: number, topic = "birds"): AgentContent => ({
  ...emptyContent("test-model"),
  description: `${canary} ${number}`,
  instructions: `${canary} ${number}`,
  examples: [{ input: canary, output: canary }],
  metadata: { topic, by: { whom: canary } },
});

async function agent(ctx: Context, { isPublished = true, topic = "birds" } = {}) {
  const id = await testAgent(db, ctx, { content: content(0, topic), isPublished, visibility: "workspace" });
  return id;
}

const rowsOf = async (id: string): Promise<string> => {
  const rows = await sql`select to_jsonb(agents.*)::text as row from agents where id = ${id}
    union all select to_jsonb(agent_versions.*)::text from agent_versions where agent_id = ${id}`;
  return rows.map(({ row }) => String(row)).join();
};

const read = async (ctx: Context, id: Awaited<ReturnType<typeof agent>>) => {
  const view = await agentOf(ctx, id);
  const answering = view.version === null ? null : await versionOf(ctx, view);
  const [versions, published] = [await versionsOf(ctx, id), (await publishedOf(ctx, [view])).get(id)];
  return { draft: await draftOf(ctx, id), answering, versions, published, model: await modelNames(ctx, [view]) };
};

test("of an agent nothing that it says can be read in its rows, and its builders read all of it", async () => {
  const ctx = await testWorkspace(db);
  const id = await agent(ctx);
  await saveDraft(ctx, { agent: id, content: content(1) });
  expect(await rowsOf(id)).not.toContain(canary);
  const said = await read(ctx, id);
  expect(said.draft).toEqual(content(1));
  expect(said.answering?.content).toEqual(content(0));
  expect([...said.model.values()]).toEqual(["test-model"]);
});

test("agents of before there was a keyring are sealed at the start, say the same, and leave nothing readable", async () => {
  const ctx = await testWorkspace(db);
  const ids = [await agent(ctx), await agent(ctx, { isPublished: false })];
  const before = await Promise.all(ids.map((id) => read(ctx, id)));
  for (const id of ids) {
    const { draft, versions } = await read(ctx, id);
    const unsealed = versions.length > 0 ? null : JSON.stringify(draft);
    await sql`update agents set key = null, sealed_draft = null, unsealed = ${unsealed}::text::json where id = ${id}`;
    for (const { version, content } of versions)
      await sql`update agent_versions set sealed = null, unsealed = ${JSON.stringify(content)}::text::json
        where agent_id = ${id} and version = ${version}`;
    expect(await rowsOf(id)).toContain(canary);
  }
  expect(await sealAgents(operator())).toBe(2);
  expect(await Promise.all(ids.map((id) => read(ctx, id)))).toEqual(before);
  for (const id of ids) expect(await rowsOf(id)).not.toContain(canary);
  expect(await sealAgents(operator())).toBe(0);
});

test("agents are found by the metadata of what is published, and of nothing else", async () => {
  const ctx = await testWorkspace(db);
  const [birds, fish] = [await agent(ctx), await agent(ctx, { topic: "fish" })];
  await agent(ctx, { isPublished: false });
  await saveDraft(ctx, { agent: fish, content: content(1, "birds") });
  const found = async (metadata: Record<string, unknown>) => (await agentsOf(ctx, { metadata })).map(({ id }) => id);
  expect(await found({ topic: "birds" })).toEqual([birds]);
  expect(await found({ by: { whom: canary } })).toEqual([birds, fish].toSorted());
  expect(await found({ topic: "cats" })).toEqual([]);
});

test("T-4.3-DEL1: a deleted agent opens nowhere once no backup is kept any more; one that stays says the same every night", async () => {
  const ctx = await testWorkspace(db);
  const [kept, gone] = [await agent(ctx), await agent(ctx)];
  const [copy] = await sql`delete from agents where id = ${gone} returning key`;
  const before = await read(ctx, kept);
  for (let night = 1; night <= 8; night++) {
    expect(await lastingKey(copy?.key, gone)).toBeTruthy();
    await turnRings(operator(addDays(now(), night)));
    expect(await read(ctx, kept)).toEqual(before);
  }
  await expect(lastingKey(copy?.key, gone)).rejects.toThrow("not in the keyring");
});

test("the audit log, which cannot forget, names no agent and nothing that it says", async () => {
  const ctx = await testWorkspace(db);
  await db.insert(models).values(model);
  const publish = { message: canary, attested: true };
  const [name, source] = [`Named ${canary}`, "agent_builder_v1" as const];
  const { id } = await createAgent(ctx, { name, content: content(0), source, publish });
  await saveDraft(ctx, { agent: id, content: content(1) });
  await publishAgent(ctx, id, publish);
  await setIdentity(ctx, { agent: id, name: `Renamed ${canary}`, handle: "canary-bird" });
  await deleteAgent(ctx, { agent: id });
  const rows = await sql`select action, before, after from audit_events where object_id = ${id} order by sequence`;
  expect(rows.map(({ action }) => action)).toEqual(
    ["create", "publish", "draft", "publish", "rename", "delete"].map((verb) => `agent.${verb}`),
  );
  expect(JSON.stringify(rows)).not.toMatch(/canary/);
});

const capabilities = {
  completion_chat: true,
  completion_fim: false,
  embeddings: false,
  function_calling: true,
  fine_tuning: false,
  vision: false,
  reasoning: false,
};
const told = {
  name: "m",
  description: "m",
  ownedBy: "us",
  upstream: "fake",
  upstreamModel: "m",
  maxContextLength: 999,
};
const model = { ...told, id: "test-model", capabilities, createdAt: new Date(0) };
