import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { agents as seededTable } from "#db/schema/agents.ts";
import { webhookEndpoints } from "#db/schema/integrations.ts";
import { models } from "#db/schema/models.ts";
import { organizations, workspaces } from "#db/schema/organizations.ts";
import { seedAgents } from "#db/seed/agents.ts";
import type { World } from "#db/seed/world.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { mayKeep } from "#lib/domain/retention/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { modelNames } from "./builder/queries.ts";
import { createAgent, discardDraft, publishAgent, saveDraft, setIdentity } from "./commands.ts";
import { skeletonOf } from "./handles/rules.ts";
import { agentOf, agentsOf, draftOf } from "./queries.ts";
import { deleteAgent } from "./receipts/commands.ts";
import { receiptsOf } from "./receipts/queries.ts";
import { emptyContent } from "./rules.ts";
import { newAgentSealer } from "./sealing/queries.ts";
import { setAlias } from "./versions/commands.ts";
import { versionOf } from "./versions/queries.ts";

const { db, sql } = await testDatabase();
const model = {
  name: "m",
  description: "m",
  ownedBy: "us",
  upstream: "fake",
  upstreamModel: "m",
  createdAt: new Date(0),
};
const talks = { completion_fim: false, function_calling: true, fine_tuning: false, vision: false, reasoning: false };
await db.insert(models).values([
  {
    ...model,
    id: "small",
    maxContextLength: 999,
    capabilities: { ...talks, completion_chat: true, embeddings: false },
  },
  {
    ...model,
    id: "vectors",
    maxContextLength: 999,
    capabilities: { ...talks, completion_chat: false, embeddings: true },
  },
]);

const problem = (code: string) => ({ problem: code });
const content = (instructions = "Be brief.") => ({ ...emptyContent("small"), instructions });
const published = { message: null, attested: true };

let owner: Context;
let colleague: Context;
beforeAll(async () => {
  owner = await testWorkspace(db, { roles: ["dev"] });
  colleague = await testWorkspace(db, { within: owner, roles: ["user"] });
});

let count = 0;
const draft = (ctx = owner, fields: object = {}) =>
  createAgent(ctx, {
    name: `Agent ${++count}`,
    content: content(),
    source: "agent_builder_v1",
    publish: null,
    ...fields,
  });
const made = (ctx = owner, fields: object = {}) => draft(ctx, { publish: published, ...fields });

const auditOf = async (id: string) =>
  sql<
    { action: string; clause: string | null }[]
  >`select action, clause from audit_events where object_id = ${id} order by sequence`;

describe("T-4.3-CREATE", () => {
  test("a draft is its builders' alone, and no one can use it, not even they", async () => {
    const { id, version, rights } = await draft();
    expect(version).toBeNull();
    expect([...rights].toSorted()).toEqual(["edit", "manage", "see"]);
    await expect(agentOf(colleague, id)).rejects.toMatchObject(problem("not_found"));
    expect((await agentsOf(colleague)).map((agent) => agent.id)).not.toContain(id);
    await expect(agentOf(owner, id, "use")).rejects.toThrow(/not been published yet/);
    expect(await auditOf(id)).toEqual([{ action: "agent.create", clause: "T-4.3-CREATE" }]);
  });

  test("publishing makes version after version; a draft beside one changes nothing of what answers", async () => {
    const { id } = await draft();
    expect((await publishAgent(owner, id, published)).version).toBe(0);
    const beside = await saveDraft(owner, { agent: id, content: content("Be long.") });
    expect(beside).toMatchObject({ version: 0, hasDraft: true });
    expect((await versionOf(colleague, await agentOf(colleague, id))).content.instructions).toBe("Be brief.");
    expect((await draftOf(owner, id)).instructions).toBe("Be long.");
    expect(await publishAgent(owner, id, published)).toMatchObject({ version: 1, hasDraft: false });
    expect((await versionOf(colleague, await agentOf(colleague, id))).content.instructions).toBe("Be long.");
  });

  test("a discarded draft is gone, and a draft with nothing published stays", async () => {
    const { id } = await made();
    await saveDraft(owner, { agent: id, content: content("Be long.") });
    expect(await discardDraft(owner, { agent: id })).toMatchObject({ version: 0, hasDraft: false });
    expect((await draftOf(owner, id)).instructions).toBe("Be brief.");
    await expect(discardDraft(owner, { agent: (await draft()).id })).rejects.toMatchObject(problem("conflict"));
  });

  test("a model that does not answer conversations is refused, and so is a handoff to what one may not use", async () => {
    await expect(draft(owner, { content: emptyContent("vectors") })).rejects.toMatchObject({
      fields: { model: [expect.any(String)] },
    });
    await expect(draft(owner, { content: emptyContent("none") })).rejects.toMatchObject({ code: "invalid_model" });
    const theirs = await draft(colleague);
    const asking = (id: Id<"agent">) => ({ content: { ...content(), handoffs: [id] } });
    await expect(draft(owner, asking(theirs.id))).rejects.toMatchObject({ fields: { handoffs: [expect.any(String)] } });
    const { id } = await draft();
    await publishAgent(colleague, theirs.id, published);
    await expect(draft(owner, asking(theirs.id))).resolves.toBeDefined();
    await expect(publishAgent(owner, id, { ...published, ...asking(id) })).rejects.toThrow(/to itself/);
  });

  test("the list says which model answers: the published one's, and the draft's before that", async () => {
    const views = [await draft(), await made()];
    expect([...(await modelNames(owner, views)).values()]).toEqual(["small", "small"]);
  });

  test("people without the right to build are refused, and so are other organizations", async () => {
    const watcher = await testWorkspace(db, { within: owner, roles: ["observability_viewer"] });
    const foreign = await testWorkspace(db);
    const { id } = await made();
    await expect(draft(watcher)).rejects.toMatchObject(problem("forbidden"));
    await expect(agentsOf(watcher)).rejects.toMatchObject(problem("forbidden"));
    for (const asked of [
      () => agentOf(foreign, id),
      () => saveDraft(foreign, { agent: id, content: content() }),
      () => publishAgent(foreign, id, published),
      () => setIdentity(foreign, { agent: id, name: "Ours" }),
      () => deleteAgent(foreign, { agent: id }),
    ]) {
      await expect(asked()).rejects.toMatchObject(problem("not_found"));
    }
    await expect(saveDraft(colleague, { agent: id, content: content() })).rejects.toMatchObject(problem("forbidden"));
    await expect(deleteAgent(colleague, { agent: id })).rejects.toMatchObject(problem("forbidden"));
  });
});

test("T-4.3-SHARE2: a new agent is everyone's in the workspace, or restricted where the workspace says so", async () => {
  expect((await made()).visibility).toBe("workspace");
  await db.update(workspaces).set({ agentVisibility: "restricted" }).where(eq(workspaces.id, owner.workspaceId));
  const { id, visibility } = await made();
  await db.update(workspaces).set({ agentVisibility: "workspace" }).where(eq(workspaces.id, owner.workspaceId));
  expect(visibility).toBe("restricted");
  await expect(agentOf(colleague, id)).rejects.toMatchObject({ code: "agent_not_found" });
});

test("T-4.3-RESP1: what was attested is kept with the version, and the publishing is in the audit log", async () => {
  const { id } = await draft();
  await publishAgent(owner, id, { message: "Ours", attested: true });
  const version = await versionOf(owner, await agentOf(owner, id));
  expect(version).toMatchObject({ message: "Ours", attestedAt: owner.now, createdBy: owner.actor.id });
  expect(await auditOf(id)).toContainEqual({ action: "agent.publish", clause: "T-4.3-RESP1" });
});

describe("T-4.3-RESP2 names", () => {
  test.each([
    ["the support's own", { handle: "support" }, "handle"],
    ["one that looks like the support's", { handle: "supp0rt" }, "handle"],
    ["the provider's name", { name: "Comptoir help" }, "name"],
  ])("%s is refused", async (_name, fields, field) => {
    await expect(draft(owner, fields)).rejects.toMatchObject({
      code: "agent_name_refused",
      fields: { [field]: [expect.any(String)] },
    });
  });

  test("no two handles of a workspace may be mistaken for each other, even where one cannot see the other", async () => {
    await draft(colleague, { handle: "bill-reader" });
    await expect(draft(owner, { handle: "bi11-reader" })).rejects.toMatchObject({
      fields: { handle: [expect.any(String)] },
    });
    const other = await testWorkspace(db);
    await expect(draft(other, { handle: "bill-reader" })).resolves.toBeDefined();
    expect((await draft(owner, { name: "Bill reader" })).handle).toBe("bill-reader-2");
  });

  test("renaming holds to the same, keeps its own handle, and needs the right to manage", async () => {
    const { id, handle } = await made(owner, { handle: "namer" });
    await expect(setIdentity(owner, { agent: id, handle: "admin" })).rejects.toMatchObject({
      code: "agent_name_refused",
    });
    expect(await setIdentity(owner, { agent: id, name: "Other name", handle, color: "pink" })).toMatchObject({
      color: "pink",
      handle,
    });
    await sql`insert into agent_grants (organization_id, agent_id, subject_kind, subject_id, level, created_at)
      values (${owner.organizationId}, ${id}, 'user', ${colleague.actor.id}, 'edit', now())`;
    expect((await setIdentity(colleague, { agent: id, color: "red" })).color).toBe("red");
    await expect(setIdentity(colleague, { agent: id, name: "Mine" })).rejects.toMatchObject(problem("forbidden"));
    expect((await auditOf(id)).filter(({ action }) => action === "agent.rename")).toHaveLength(1);
  });
});

describe("T-4.3-DEL1", () => {
  test("deleting takes everything at once, and the receipt counts it", async () => {
    const { id, name } = await made();
    await publishAgent(owner, id, { ...published, content: content("Be long.") });
    await setAlias(owner, { agent: id, alias: "production", version: 0 });
    await saveDraft(owner, { agent: id, content: content() });
    const receipt = await deleteAgent(owner, { agent: id });
    expect(receipt.removed).toEqual({ versions: 2, aliases: 1, grants: 0, drafts: 1 });
    for (const table of ["agent_versions", "agent_aliases", "agent_grants"]) {
      expect(await sql`select 1 from ${sql(table)} where agent_id = ${id}`).toHaveLength(0);
    }
    expect(await sql`select 1 from agents where id = ${id}`).toHaveLength(0);
    expect((await receiptsOf(colleague))[0]).toMatchObject({ id: receipt.id, name, deletedBy: "Test Person" });
    expect(await auditOf(id)).toContainEqual({ action: "agent.delete", clause: "T-4.3-DEL1" });
    await expect(agentOf(colleague, id)).rejects.toMatchObject({
      code: "agent_deleted",
      message: expect.stringContaining(name),
    });
  });

  test("who could not know of it is told nothing: no receipt, and the error of what never was", async () => {
    const { id } = await draft();
    await sql`update agents set visibility = 'restricted' where id = ${id}`;
    const { id: receipt } = await deleteAgent(owner, { agent: id });
    await expect(agentOf(colleague, id)).rejects.toMatchObject({ code: "agent_not_found" });
    expect((await receiptsOf(colleague)).map((one) => one.id)).not.toContain(receipt);
    expect((await receiptsOf(owner)).map((one) => one.id)).toContain(receipt);
    expect(await receiptsOf(await testWorkspace(db))).toEqual([]);
  });

  test("its handle is free again at once", async () => {
    const { id } = await draft(owner, { handle: "phoenix" });
    await deleteAgent(owner, { agent: id });
    expect((await draft(owner, { handle: "phoenix" })).handle).toBe("phoenix");
  });
});

test("T-4.3-SHARE3: webhooks are told the name of an agent everyone knows, and of a restricted one only its id", async () => {
  const boss = await testWorkspace(db);
  await boss.db.insert(webhookEndpoints).values({
    organizationId: boss.organizationId,
    id: newId("webhookEndpoint", boss.now),
    url: "https://hooks.example/in",
    description: "",
    eventTypes: ["agent.published", "agent.deleted"],
    enabled: true,
    secret: Buffer.alloc(32),
    createdBy: boss.actor.id as Id<"user">,
    createdAt: boss.now,
  });
  const { id: open } = await made(boss, { name: "Open" });
  const { id: hidden } = await draft(boss, { name: "Hidden" });
  await sql`update agents set visibility = 'restricted' where id = ${hidden}`;
  await publishAgent(boss, hidden, published);
  await deleteAgent(boss, { agent: hidden });
  const told = await sql`select type, data from webhook_events where organization_id = ${boss.organizationId}
    order by type desc, data ->> 'name' nulls last`;
  expect(told).toMatchObject([
    { type: "agent.published", data: { agent_id: open, name: "Open", handle: "open" } },
    { type: "agent.published", data: { agent_id: hidden, name: null, handle: null } },
    { type: "agent.deleted", data: { agent_id: hidden } },
  ]);
  expect(JSON.stringify(told)).not.toContain("Hidden");
});

test("T-4.2.2.2-ZDR4: nothing of an agent is kept for an organization under zero retention", async () => {
  const ctx = await testWorkspace(db);
  const { id } = await draft(ctx);
  expect(await mayKeep(ctx, "agents")).toBe(true);
  await db.update(organizations).set({ zeroRetentionSince: ctx.now }).where(eq(organizations.id, ctx.organizationId));
  expect(await mayKeep(ctx, "agents")).toBe(false);
  for (const asked of [
    () => draft(ctx),
    () => saveDraft(ctx, { agent: id, content: content("Kept") }),
    () => publishAgent(ctx, id, published),
  ]) {
    await expect(asked()).rejects.toMatchObject({ code: "zdr_incompatible" });
  }
  expect(JSON.stringify(await draftOf(ctx, id))).not.toContain("Kept");
  expect(await sql`select from agents where organization_id = ${ctx.organizationId}`).toHaveLength(1);
});

test("the agents of the demo are as the commands would have made them", async () => {
  const ctx = await testWorkspace(db);
  const people = Array.from({ length: 5 }, () => ctx.actor.id as Id<"user">);
  const { organizationId, workspaceId, now } = ctx;
  await seedAgents({ db, now, sealAgent: newAgentSealer } as unknown as World, {
    organizationId,
    workspaceIds: [workspaceId],
    userIds: people,
  });
  const rows = await db.select().from(seededTable).where(eq(seededTable.organizationId, organizationId));
  expect(rows).toHaveLength(4);
  for (const { handle, skeleton } of rows) expect(skeleton).toBe(skeletonOf(handle));
});
