import fc from "fast-check";
import { expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, now } from "#lib/core/clock.ts";
import { contains } from "#lib/core/containment.ts";
import type { Context } from "#lib/core/context.ts";
import { keyring } from "#lib/core/keyring/keyring.ts";
import { lastingKey } from "#lib/core/keyring/lasting.ts";
import { seal } from "#lib/core/secrets.ts";
import { deleteConversation, renameConversation } from "#lib/domain/conversations/commands.ts";
import { type Conversation, conversationOf, conversationsOf, entriesOf } from "#lib/domain/conversations/queries.ts";
import { keepResponse } from "#lib/domain/conversations/responses/commands.ts";
import { responseOf } from "#lib/domain/conversations/responses/queries.ts";
import { entriesFrom } from "#lib/domain/conversations/rules.ts";
import { settleKeyring, turnRings } from "#lib/domain/retention/keyring/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { sealConversations } from "./commands.ts";

const { db, sql } = await testDatabase();
const operator = (moment = now()) => ({ ...systemContext("test"), db, now: moment });
await settleKeyring(operator());
const canary = "the canary sings at dawn";

const person = async (): Promise<Context> => ({ ...(await testWorkspace(db)), db });

async function talk(
  ctx: Context,
  name = `${canary} 1`,
): Promise<{ conversation: Conversation; response: Id<"response"> }> {
  const conversation: Conversation = {
    organizationId: ctx.organizationId,
    id: newId("conversation", now()),
    workspaceId: ctx.workspaceId,
    ownerId: ctx.actor.id as Id<"user">,
    name,
    description: `${canary} 2`,
    metadata: { topic: `${canary} 3` },
    model: "m",
    settings: { instructions: `${canary} 4`, tools: [], completion_args: { stop: [`${canary} 5`] } },
    agentId: null,
    agentVersion: null,
    parentId: null,
    parentEntryId: null,
    createdAt: now(),
    updatedAt: now(),
  };
  const response = newId("response", now());
  const entries = entriesFrom(`${canary} 6`, now()).map((entry) => ({ entry }));
  const kept = {
    input: [],
    response: { output: [], said: `${canary} 7` },
    entries: entries.map(({ entry }) => entry.id),
  };
  const stored = { id: response, conversationId: conversation.id, previousId: null, ...kept };
  await keepResponse(ctx, { conversation, isNew: true }, entries, stored);
  return { conversation, response };
}

const read = async (ctx: Context, { conversation: { id }, response }: Awaited<ReturnType<typeof talk>>) => [
  await conversationOf(ctx, id),
  await entriesOf(ctx, id),
  await responseOf(ctx, response),
];

const rowsOf = async (id: string): Promise<string> => {
  const tables = { conversations: "id", conversation_entries: "conversation_id", responses: "conversation_id" };
  const rows = Object.entries(tables).map(
    ([table, column]) =>
      sql`select to_jsonb(${sql(table)}.*)::text as row from ${sql(table)} where ${sql(column)} = ${id}`,
  );
  const texts = (await Promise.all(rows)).flat().map(({ row }) => String(row));
  // Bytes are shown in hexadecimal digits.
  return texts
    .map(
      (text) =>
        text +
        Buffer.from([...text.matchAll(/\\\\x([0-9a-f]+)/g)].map(([, hex]) => hex).join(""), "hex").toString("latin1"),
    )
    .join();
};

test("of a conversation nothing that was said can be read in its rows, and its owner reads all of it", async () => {
  const ctx = await person();
  const kept = await talk(ctx);
  expect(await rowsOf(kept.conversation.id)).not.toContain(canary);
  expect(JSON.stringify(await read(ctx, kept)).split(canary)).toHaveLength(8);
  await renameConversation(ctx, kept.conversation.id, `${canary} 8`);
  expect(await rowsOf(kept.conversation.id)).not.toContain(canary);
  expect((await conversationOf(ctx, kept.conversation.id)).name).toBe(`${canary} 8`);
  await expect(conversationOf(await person(), kept.conversation.id)).rejects.toThrow("no such conversation");
});

test("T-4.2.2.2-ZDR4: under zero retention a conversation that is not yet purged takes no other name", async () => {
  const ctx = await person();
  const { conversation } = await talk(ctx);
  await sql`update organizations set zero_retention_since = now() where id = ${ctx.organizationId}`;
  await expect(renameConversation(ctx, conversation.id, "Other")).rejects.toMatchObject({ cause: { code: "ZR001" } });
  expect((await conversationOf(ctx, conversation.id)).name).toBe(`${canary} 1`);
});

test("conversations of before there was a keyring are sealed at the start, say the same, and leave nothing readable", async () => {
  const ctx = await person();
  const kept = await talk(ctx);
  const before = await read(ctx, kept);
  const { id, name, description, metadata, settings } = kept.conversation;
  const [, entries, response] = before as [
    Conversation,
    Awaited<ReturnType<typeof entriesOf>>,
    Awaited<ReturnType<typeof responseOf>>,
  ];
  const { id: _, conversationId: __, previousId: ___, ...content } = response;
  await sql`update conversations set key = null, about = null, setup = null, unsealed = ${JSON.stringify({ name, description, metadata, settings })}::text::json where id = ${id}`;
  for (const { entry } of entries)
    await sql`update conversation_entries set sealed = ${seal(Buffer.from(JSON.stringify(entry)), entry.id)} where id = ${entry.id}`;
  await sql`update responses set sealed = ${seal(Buffer.from(JSON.stringify(content)), kept.response)} where id = ${kept.response}`;
  expect(await rowsOf(id)).toContain(canary);
  expect(await sealConversations(operator())).toBe(1);
  expect(await rowsOf(id)).not.toContain(canary);
  expect(await read(ctx, kept)).toEqual(before);
  expect(await sealConversations(operator())).toBe(0);
});

test("names are found by any part of them in any case, and metadata as PostgreSQL would find it", async () => {
  const ctx = await person();
  const names = ["Quarterly REPORT", "report 100%", "Straße", "a_b"];
  for (const name of names) await talk(ctx, name);
  const found = async (search: string) => (await conversationsOf(ctx, { search })).map(({ name }) => name).toSorted();
  expect(await found("report")).toEqual(["Quarterly REPORT", "report 100%"]);
  expect(await found("0%")).toEqual(["report 100%"]);
  expect(await found("_")).toEqual(["a_b"]);
  expect(await found("STRAßE")).toEqual(["Straße"]);
  expect(await found("no such")).toEqual([]);
  expect(await conversationsOf(ctx, { metadata: { topic: `${canary} 3` }, limit: 2, offset: 1 })).toHaveLength(2);
  expect(await conversationsOf(ctx, { metadata: { topic: canary } })).toEqual([]);
});

test("what metadata contains is what PostgreSQL says that it contains", async () => {
  const word = fc.constantFrom("a", "b", "");
  const leaf = fc.oneof(word, fc.integer({ min: 0, max: 2 }), fc.boolean(), fc.constant(null));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(word, tie("value"), { maxKeys: 2 }),
    ),
  }));
  const whole = fc.dictionary(word, value, { maxKeys: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(whole, whole), { minLength: 20, maxLength: 60 }), async (pairs) => {
      const rows = await sql`select (pair -> 0)::jsonb @> (pair -> 1)::jsonb as is_in
        from json_array_elements(${JSON.stringify(pairs)}::text::json) as pair`;
      expect(pairs.map(([has, asked]) => contains(has, asked))).toEqual(rows.map(({ is_in }) => is_in));
    }),
    { numRuns: 30 },
  );
});

test("rings are turned every night and conversations stay; what was deleted opens nowhere once no backup is kept any more", async () => {
  const ctx = await person();
  const [kept, gone] = [await talk(ctx), await talk(ctx)];
  const [copy] = await sql`select key from conversations where id = ${gone.conversation.id}`;
  await deleteConversation(ctx, gone.conversation.id);
  const before = await read(ctx, kept);
  for (let night = 1; night <= 8; night++) {
    // The control: while a backup is kept that has it, it opens.
    expect(await lastingKey(copy?.key, gone.conversation.id)).toBeTruthy();
    await turnRings(operator(addDays(now(), night)));
    expect(await read(ctx, kept)).toEqual(before);
  }
  await expect(lastingKey(copy?.key, gone.conversation.id)).rejects.toThrow("not in the keyring");
  expect((await keyring()).durable).toHaveLength(8);
});
