import { beforeAll, expect, test } from "vitest";
import { models } from "#db/schema/models.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { createAgent, publishAgent, saveDraft } from "#lib/domain/agents/commands.ts";
import { agentOf, draftOf } from "#lib/domain/agents/queries.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { duplicateAgent, importAgent } from "./commands.ts";
import { exportOf } from "./queries.ts";

const { db } = await testDatabase();
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
beforeAll(async () => {
  owner = await testWorkspace(db);
  reader = await testWorkspace(db, { within: owner, roles: ["user"] });
});

const schema = { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] };
const full = {
  model: "small",
  description: "Plans journeys",
  instructions: "Be brief.\nÄ “quoted” line, and a \\ backslash.",
  examples: [{ input: "Vienna?", output: "When?" }],
  tools: [{ type: "function" as const, function: { name: "find", description: "", strict: true, parameters: schema } }],
  completion_args: {
    temperature: 0.2,
    stop: ["\n\n"],
    response_format: { type: "json_schema", json_schema: { name: "a", schema, strict: true } },
  },
  handoffs: null,
  metadata: { team: "a", nested: { deep: [1, null] } },
};

const made = (name: string) =>
  createAgent(owner, { name, color: "pink", content: full, source: "agent_builder_v1", publish: null });

test("T-4.3-CREATE: a file that was exported makes the same agent again, in another workspace as well", async () => {
  const { id, handle } = await made("Planner");
  const { name, text } = await exportOf(owner, id);
  expect(name).toBe("planner.agent.json");
  expect(JSON.parse(text)).toEqual({ format: "comptoir.agent/1", name: "Planner", handle, color: "pink", ...full });
  const elsewhere = await testWorkspace(db);
  const again = await importAgent(elsewhere, text);
  expect(again).toMatchObject({ name: "Planner", handle, color: "pink", version: null, hasDraft: true });
  expect(await draftOf(elsewhere, again.id)).toEqual(full);
  expect(JSON.parse((await exportOf(elsewhere, again.id)).text)).toEqual(JSON.parse(text));
});

test("where the handle is taken another one is asked for, and taken", async () => {
  const { id } = await made("Taken");
  const { text } = await exportOf(owner, id);
  await expect(importAgent(owner, text)).rejects.toMatchObject({ fields: { handle: [expect.any(String)] } });
  expect((await importAgent(owner, text, "not-taken")).handle).toBe("not-taken");
});

test("what a file leaves out is empty", async () => {
  const agent = await importAgent(owner, '{"format": "comptoir.agent/1", "name": "Bare", "model": "small"}');
  expect(agent.handle).toBe("bare");
  expect(await draftOf(owner, agent.id)).toMatchObject({
    instructions: null,
    examples: [],
    tools: [],
    completion_args: {},
  });
});

const file = (fields: object) => JSON.stringify({ format: "comptoir.agent/1", name: "X", model: "small", ...fields });

test.each([
  ["no JSON", "{", /^This is not JSON: /],
  ["another format", file({ format: "other/1" }), /^format: The file has to say "format": "comptoir.agent\/1"\.$/],
  ["an unknown field", file({ extra: 1 }), /^extra: There is no such field\.$/],
  [
    "a wrong number",
    file({ completion_args: { temperature: 3 } }),
    /^completion_args.temperature: A number from 0 to 1\.$/,
  ],
  ["two faults", file({ name: "", examples: [{ input: "a", output: "" }] }), /^name: .+\nexamples\.0\.output: .+$/],
  ["NUL in a name of its metadata", file({ metadata: { "a\0": 1 } }), /^metadata\.a: Text with a NUL /],
  [
    "half of a surrogate pair",
    file({ examples: [{ input: "\ud800", output: "b" }] }),
    /^examples\.0\.input: Text with /,
  ],
  ["a handoff that is no agent", file({ handoffs: ["nobody"] }), /^handoffs\.0: This is not an agent's id\.$/],
])("a file with %s is refused, fault by fault", async (_name, text, words) => {
  const refusal = await importAgent(owner, text).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(AppError);
  expect((refusal as AppError).fields.text?.[0]).toMatch(words);
});

test("a copy is one's own draft of what one may see: of the draft for builders, of what is published for others", async () => {
  const { id } = await made("Original");
  await publishAgent(owner, id, { message: null, attested: true });
  await saveDraft(owner, { agent: id, content: { ...full, instructions: "Secret draft." } });
  const own = await duplicateAgent(owner, { agent: id });
  expect(own).toMatchObject({ name: "Copy of Original", color: "pink", version: null });
  expect((await draftOf(owner, own.id)).instructions).toBe("Secret draft.");
  const theirs = await duplicateAgent(reader, { agent: id });
  expect(theirs).toMatchObject({ handle: "copy-of-original-2", ownerId: reader.actor.id });
  expect((await draftOf(reader, theirs.id)).instructions).toBe(full.instructions);
  expect((await exportOf(reader, id)).text).not.toContain("Secret draft.");
});

test("T-4.3-SHARE3: what is not shared can be neither exported nor copied", async () => {
  const { id } = await made("Hidden");
  for (const ctx of [reader, await testWorkspace(db)]) {
    await expect(exportOf(ctx, id)).rejects.toMatchObject({ code: "agent_not_found" });
    await expect(duplicateAgent(ctx, { agent: id })).rejects.toMatchObject({ code: "agent_not_found" });
  }
  expect((await agentOf(owner, id)).name).toBe("Hidden");
});
