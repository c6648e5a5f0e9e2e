import { expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { classOf } from "#lib/domain/retention/classes/rules.ts";
import { classifiedTables, columnsOf } from "#lib/domain/retention/columns/rules.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";

const { db, sql } = await testDatabase();

type Column = { table: string; column: string; type: string };

/** Every column of every table of the product's, partitions apart: they are their table's. */
const catalogue = () => sql<Column[]>`select relname as table, attname as column, typname as type
  from pg_class join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
    join pg_type on pg_type.oid = atttypid
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`;

/** What stands in one of the two and not in the other. */
function differences(columns: readonly Column[]): string[] {
  const there = new Set(columns.map(({ table, column }) => `${table}.${column}`));
  const unclassed = columns.filter(
    ({ table, column }) => !columnsOf(table).has(column) || !(table in classifiedTables),
  );
  const gone = Object.keys(classifiedTables).flatMap((table) =>
    [...columnsOf(table).keys()].filter((name) => name !== "organization_id" && !there.has(`${table}.${name}`)),
  );
  return [...unclassed.map(({ table, column }) => `${table}.${column}`), ...gone].toSorted();
}

test("ZDR test 4: every column of every table says what is in it, and a planted one is found", async () => {
  const columns = await catalogue();
  expect(columns.length).toBeGreaterThan(800);
  expect(differences(columns)).toEqual([]);
  await sql.unsafe("create table planted (id text, prompt text); alter table keys add column planted text");
  expect(differences(await catalogue())).toEqual(["keys.planted", "planted.id", "planted.prompt"]);
  await sql.unsafe("drop table planted; alter table keys drop column planted");
  const withoutKeys = columns.filter(({ table }) => table !== "keys");
  expect(differences(withoutKeys)).toContain("hash");
});

test("T-4.2.2.2-ZDR3: what has content goes under zero retention, and no column is of two kinds", () => {
  for (const [table, { class: name }] of Object.entries(classifiedTables)) {
    const kinds = [...columnsOf(table).values()];
    // What the law has the provider keep stays against the customer's wish.
    if (kinds.includes("content") && name !== "legal-holds")
      expect(classOf(name).underZeroRetention, table).toBe("purged");
    const { class: _, ...lists } = classifiedTables[table] ?? { class: name };
    const names = Object.values(lists).flatMap((list) => list.split(" "));
    expect(new Set(names).size, table).toBe(names.length);
  }
});

/** The columns of a table that hold content, by the registry. */
const contentOf = (table: string) =>
  [...columnsOf(table)].filter(([, kind]) => kind === "content").map(([name]) => name);
/** What the law has the provider keep stays against the customer's wish. */
const contentTables = Object.keys(classifiedTables).filter(
  (table) => contentOf(table).length > 0 && classifiedTables[table]?.class !== "legal-holds",
);

type Place = Pick<Context, "organizationId" | "workspaceId" | "actor">;

/** A file whose report can be kept. */
async function storedFile({ organizationId, workspaceId, actor }: Place): Promise<string> {
  const [blob, id] = [newId("blob", now()), newId("file", now())];
  const own = { organization_id: organizationId, created_at: now(), bytes: 1 };
  await sql`insert into blobs ${sql({ ...own, id: blob, sha256: blob, key: Buffer.from("k"), line_ends: [] as number[] })}`;
  const said = {
    name: "a.jsonl",
    purpose: "fine-tune",
    sample_type: "instruct",
    source: "upload",
    visibility: "workspace",
  };
  const its = { workspace_id: workspaceId, blob_id: blob, created_by: actor.id, expires_at: new Date("2099-01-01") };
  await sql`insert into files ${sql({ ...own, id, ...said, ...its })}`;
  return id;
}

/** A job whose log can be kept. */
async function tuningJob({ organizationId, workspaceId, actor }: Place): Promise<string> {
  const id = newId("tuningJob", now());
  const own = { organization_id: organizationId, id, workspace_id: workspaceId, created_by: actor.id };
  const asked = { requested_model: "m", model: "m", trainer_kind: "embedded", fingerprint: id, auto_start: false };
  const data = { training_files: sql.json([]), validation_files: sql.json([]), hyperparameters: sql.json({}) };
  const rest = {
    seed: 1,
    skip_share: 0,
    status: "QUEUED",
    key: Buffer.from("k"),
    created_at: now(),
    modified_at: now(),
  };
  await sql`insert into tuning_jobs ${sql({ ...own, ...asked, ...data, ...rest })}`;
  return id;
}

/** A batch whose results can be kept. */
async function batchJob({ organizationId, workspaceId, actor }: Place): Promise<string> {
  const id = newId("batch", now());
  const own = { organization_id: organizationId, id, workspace_id: workspaceId, created_by: actor.id };
  const asked = { key_id: newId("key", now()), endpoint: "/v1/embeddings", timeout_hours: 24, status: "QUEUED" };
  const rest = { input_files: sql.json([]), total_requests: 1, key: Buffer.from("k"), created_at: now() };
  await sql`insert into batch_jobs ${sql({ ...own, ...asked, ...rest, expires_at: now() })}`;
  return id;
}

/** A workspace with one row in each table that has content. */
async function filled() {
  const { organizationId, workspaceId, actor } = await testWorkspace(db);
  const [conversation, agent, request] = [
    newId("conversation", now()),
    newId("agent", now()),
    newId("request", now()),
  ] as const;
  const at = { created_at: now(), updated_at: now() };
  const own = { organization_id: organizationId };
  const bytes = Buffer.from("sealed");
  const rows: Record<string, Record<string, unknown>> = {
    contents: {
      ...own,
      id: request,
      workspace_id: workspaceId,
      request_ids: [request],
      hour: new Date(Math.floor(now().getTime() / 3_600_000) * 3_600_000),
      training_eligible: false,
      sealed: bytes,
    },
    conversations: {
      ...own,
      id: conversation,
      workspace_id: workspaceId,
      owner_id: actor.id,
      key: bytes,
      about: bytes,
      model: "m",
      ...at,
    },
    conversation_entries: {
      ...own,
      conversation_id: conversation,
      position: 0,
      id: newId("message", now()),
      type: "message.input",
      sealed: bytes,
      created_at: now(),
    },
    responses: {
      ...own,
      id: newId("response", now()),
      conversation_id: conversation,
      sealed: bytes,
      created_at: now(),
    },
    agents: {
      ...own,
      id: agent,
      workspace_id: workspaceId,
      owner_id: actor.id,
      name: "A",
      handle: agent.slice(-12),
      skeleton: agent.slice(-12),
      color: "teal",
      visibility: "restricted",
      source: "api",
      key: bytes,
      sealed_draft: bytes,
      ...at,
    },
    agent_versions: {
      ...own,
      agent_id: agent,
      version: 0,
      sealed: bytes,
      created_by: actor.id,
      created_at: now(),
    },
    file_reports: { ...own, file_id: await storedFile({ organizationId, workspaceId, actor }), sealed_report: bytes },
    tuning_reviews: {
      ...own,
      job_id: await tuningJob({ organizationId, workspaceId, actor }),
      step: 1,
      state: "pending",
      is_awaited: false,
      sealed_prompts: bytes,
      at: now(),
    },
    tuning_logs: {
      ...own,
      job_id: await tuningJob({ organizationId, workspaceId, actor }),
      sequence: 1,
      level: "info",
      sealed_text: bytes,
      bytes: 1,
      at: now(),
    },
    batch_requests: {
      ...own,
      job_id: await batchJob({ organizationId, workspaceId, actor }),
      line: 1,
      file: 0,
      first_byte: 0,
      bytes: 1,
      request_id: request,
      at: now(),
      state: "failed",
      sealed_result: bytes,
    },
  };
  for (const [table, row] of Object.entries(rows)) await sql`insert into ${sql(table)} ${sql(row)}`;
  return { organizationId, rows };
}

/** A value that the column had not. */
const otherIn = (column: string): unknown =>
  column === "unsealed" ? sql.json({ is: "other" }) : column === "message" ? "other" : Buffer.from("other");

test("T-4.2.2.2-ZDR4: under zero retention no column with content takes anything new, in whichever table and by whatever statement", async () => {
  await sql`select ensure_contents_partition(now())`;
  const { organizationId, rows } = await filled();
  expect(Object.keys(rows).toSorted()).toEqual(contentTables.toSorted());
  const changes = contentTables.flatMap((table) => contentOf(table).map((column) => [table, column] as const));
  const change = (table: string, column: string) =>
    sql`update ${sql(table)} set ${sql({ [column]: otherIn(column) })} where organization_id = ${organizationId}`;
  await sql`update organizations set zero_retention_since = now() where id = ${organizationId}`;
  const taken: string[] = [];
  for (const [table, column] of changes)
    await change(table, column).then(
      () => taken.push(`${table}.${column}`),
      (error: { code: string }) => expect(error.code, table).toBe("ZR001"),
    );
  // The content log is asked about once a statement, after its rows were found to be new ones.
  const other = { ...rows, contents: { ...rows.contents, id: newId("request", now()) } };
  for (const [table, row] of Object.entries(other))
    await sql`insert into ${sql(table)} ${sql(row)}`.then(
      () => taken.push(table),
      (error: { code: string }) => expect(error.code, table).toBe("ZR001"),
    );
  expect(taken).toEqual([]);
  await sql`update organizations set zero_retention_since = null where id = ${organizationId}`;
  for (const [table, column] of changes) await change(table, column);
});

test("T-4.2.2.2-ZDR4: what was there before may be sealed, touched and taken away under zero retention", async () => {
  await sql`select ensure_contents_partition(now())`;
  const { organizationId } = await filled();
  const here = sql`organization_id = ${organizationId}`;
  await sql`update conversations set key = null where ${here}`;
  await sql`update agents set key = null where ${here}`;
  await sql`update organizations set zero_retention_since = now() where id = ${organizationId}`;
  // The order in which a start seals: the key comes last.
  for (const table of ["conversation_entries", "responses", "agent_versions"])
    await sql`update ${sql(table)} set sealed = ${Buffer.from("anew")} where ${here}`;
  await sql`update conversations set key = ${Buffer.from("k")}, about = ${Buffer.from("anew")} where ${here}`;
  await sql`update agents set key = ${Buffer.from("k")}, sealed_draft = ${Buffer.from("anew")} where ${here}`;
  await sql`update conversations set updated_at = now(), key = ${Buffer.from("turned")} where ${here}`;
  await sql`update agents set version = 0, sealed_draft = null where ${here}`;
  await expect(sql`update conversations set about = ${Buffer.from("new")} where ${here}`).rejects.toMatchObject({
    code: "ZR001",
  });
});
