import { beforeAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { anonymousPermissions } from "#lib/core/access/roles.ts";
import { now } from "#lib/core/clock.ts";
import { acrossTenants } from "#lib/core/context.ts";
import { announceEnd } from "#lib/testing/model-ends.ts";
import { exampleModels } from "./queries.ts";

const { db, sql } = await testDatabase();
const visitor = acrossTenants({
  db,
  now: now(),
  actor: { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set(anonymousPermissions) },
  origin: { address: "127.0.0.1", agent: "test" },
});

const model = (id: string, can: object, available = true) => sql`
  insert into models (id, name, description, owned_by, upstream, upstream_model, capabilities, max_context_length, available, created_at)
  values (${id}, ${id}, '', 'test', 'fake', ${id}, ${sql.json(can as never)}, 1000, ${available}, now())`;

beforeAll(async () => {
  await sql`delete from models`;
});

test("contract 44: without a model the examples have none", async () => {
  expect(await exampleModels(visitor)).toEqual({ chat: null, embedding: null });
});

test("contract 44: the examples ask what is served, and no model that ends", async () => {
  await model("a-away", { completion_chat: true, embeddings: true }, false);
  await model("b-ending", { completion_chat: true, embeddings: true });
  await model("c-vectors", { completion_chat: false, embeddings: true });
  await model("d-chat", { completion_chat: true, embeddings: false });
  await announceEnd(sql, { model: "b-ending", replacement: "d-chat" });
  expect(await exampleModels(visitor)).toEqual({ chat: "d-chat", embedding: "c-vectors" });
});
