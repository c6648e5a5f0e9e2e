import { sql as raw } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { newId } from "./id.ts";
import { tenantDb, tenantRole } from "./tenant.ts";
import { testDatabase } from "./testing.ts";

const { sql } = await testDatabase();
const now = new Date();
const [mine, theirs] = [newId("organization", now), newId("organization", now)];
const [me, stranger] = [newId("user", now), newId("user", now)];

/** What staff write to each other about a customer, or look into: not even that customer's people see a row of it. */
const staffsAlone = [
  "ticket_notes",
  "ticket_watchers",
  "received_mail",
  "holds",
  "held_contents",
  "abuse_items",
  "abuse_openings",
];

type Table = { name: string; column: string };
/** May be null, but only where another is not, or in another state. */
const either = [
  "received_mail.ticket_id",
  "agents.version",
  "conversations.model",
  "ticket_messages.body",
  "identity_checks.contact",
  "identity_checks.domain",
  "tickets.requester_id",
  "zero_retention_requests.claimed_by",
];
const tables = await sql<Table[]>`
  select relname as name, attname as column from pg_class
    join pg_attribute on attrelid = pg_class.oid and not attisdropped and attnum > 0
      and (attname = 'organization_id' or relname = 'organizations' and attname = 'id')
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`;

/** Of every kind of row one for each organization; what they say does not matter. */
beforeAll(async () => {
  await sql`select ensure_usage_partition(now()), ensure_contents_partition(now())`;
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const { name, column } of tables) {
      const columns = await tx<
        Column[]
      >`select column_name as name, udt_name as type, column_default as given from information_schema.columns
        where table_schema = 'public' and table_name = ${name} and is_identity = 'NO'
          and (is_nullable = 'NO' or column_name = ${column} or table_name || '.' || column_name = any(${either}))`;
      for (const [organization, user] of [
        [mine, me],
        [theirs, stranger],
      ] as const)
        await tx.unsafe(insertOf({ name, column }, columns, { organization, user }));
    }
  });
});

function insertOf(table: Table, columns: readonly Column[], owner: { organization: string; user: string }): string {
  const own: Record<string, string> = {
    [table.column]: `'${owner.organization}'`,
    ...(table.name === "members" && { user_id: `'${owner.user}'` }),
  };
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  const values = columns.map((column) => own[column.name] ?? sample(column)).join(", ");
  return `insert into ${table.name} (${names}) values (${values}) on conflict do nothing`;
}

type Column = { name: string; type: string; given: string | null };
const samples: Record<string, string> = {
  timestamptz: "'now'",
  date: "'now'",
  bool: "false",
  json: "'{}'",
  jsonb: "'{}'",
};
let made = 0;

/** Something the column takes, another each time. */
function sample({ name, type, given }: Column): string {
  if (given && !given.includes("nextval")) return given;
  if (name === "period") return "'month'";
  // Sums that agree with each other: an amount of which nothing is settled.
  if (name.endsWith("_cents")) return name === "amount_cents" ? "1" : "0";
  if (type.startsWith("_")) return `'{}'::${type}`;
  if (type === "bytea") return `'\\x${(made++).toString(16).padStart(8, "0")}'::bytea`;
  return `${samples[type] ?? `'${made++}'`}::${type}`;
}

const owners = async (db: ReturnType<typeof tenantDb>, { name, column }: Table) => {
  const rows = await db.execute<{ owner: string }>(
    raw.raw(`select distinct ${column} as owner from ${name} order by 1`),
  );
  return rows.map(({ owner }) => owner);
};

test("every table with an organization is behind a policy, and the role of people cannot get round it", async () => {
  expect(tables.length).toBeGreaterThan(20);
  const open =
    await sql`select relname from pg_class where relnamespace = 'public'::regnamespace and relname = any(${tables.map(({ name }) => name)})
    and (not relrowsecurity or not exists (select from pg_policy where polrelid = pg_class.oid))`;
  expect(open).toEqual([]);
  const [role] = await sql`select rolsuper, rolbypassrls, rolcanlogin from pg_roles where rolname = ${tenantRole}`;
  expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcanlogin: false });
  const owned = await sql`select relname from pg_class where pg_get_userbyid(relowner) = ${tenantRole}`;
  expect(owned).toEqual([]);
  // A partition has no policy of its own, so no one may name it.
  const bare = await sql`select relname from pg_class where relispartition and relkind = 'r'
    and has_table_privilege(${tenantRole}, oid, 'select, insert, update, delete')`;
  expect(bare).toEqual([]);
});

test("a statement without any condition of its own reads, changes and deletes the rows of its organization only", async () => {
  const db = tenantDb({ organizationId: mine, userId: me });
  for (const table of tables) {
    const [kept] = await sql.unsafe(
      `select count(*)::int as count from ${table.name} where ${table.column} = '${theirs}'`,
    );
    expect({ table, count: kept?.count }).toEqual({ table, count: 1 });
    const seen = staffsAlone.includes(table.name) ? [] : [mine];
    expect({ table, owners: await owners(db, table) }).toEqual({ table, owners: seen });
    const touched = db.transaction(async (tx) => {
      await tx.execute(raw.raw("set constraints all deferred"));
      const rows = await tx.execute<{ owner: string }>(
        raw.raw(`delete from ${table.name} returning ${table.column} as owner`),
      );
      expect(rows.map(({ owner }) => owner).filter((owner) => owner !== mine)).toEqual([]);
      throw new Error("undo");
    });
    // Append-only tables refuse, and so do rows that others point to; nothing foreign is touched either way.
    await expect(touched).rejects.toThrow();
    const [left] = await sql.unsafe(
      `select count(*)::int as count from ${table.name} where ${table.column} = '${theirs}'`,
    );
    expect({ table, count: left?.count }).toEqual({ table, count: 1 });
  }
});

test("no one writes a row into another organization, or moves one there", async () => {
  const db = tenantDb({ organizationId: mine, userId: me });
  for (const { name, column } of tables.filter(({ name }) => name !== "organizations")) {
    const moved = db.execute(raw.raw(`update ${name} set ${column} = '${theirs}' returning 1`));
    // Rows that are not seen are not moved either.
    if (staffsAlone.includes(name)) expect({ name, moved: await moved }).toEqual({ name, moved: [] });
    else await expect(moved.then(() => name)).rejects.toThrow();
  }
  const made = db.execute(
    raw`insert into workspaces (organization_id, id, name, created_at) values (${theirs}, ${newId("workspace", now)}, 'x', now())`,
  );
  await expect(made).rejects.toMatchObject({ cause: { message: expect.stringContaining("row-level security") } });
});

test("help-zdr 29: the reach of staff shows no row of what customers asked and were answered", async () => {
  const db = tenantDb({ isStaff: true });
  for (const name of [
    "contents",
    "conversations",
    "conversation_entries",
    "responses",
    "agent_versions",
    "scope_keys",
    "held_contents",
  ]) {
    const table = tables.find((one) => one.name === name);
    if (!table) throw new Error(`There is no table ${name}.`);
    const [kept] = await sql.unsafe(`select count(*)::int as count from ${name}`);
    expect({ name, isThere: kept?.count > 0, owners: await owners(db, table) }).toEqual({
      name,
      isThere: true,
      owners: [],
    });
    await db.execute(raw.raw(`delete from ${name}`));
    const [left] = await sql.unsafe(`select count(*)::int as count from ${name}`);
    expect({ name, left }).toEqual({ name, left: kept });
  }
});

test("a person who has entered no organization sees those they are in; a visitor none; a desk all", async () => {
  const members = tables.find(({ name }) => name === "members");
  if (!members) throw new Error("There is no table of members.");
  expect(await owners(tenantDb({ userId: me }), members)).toEqual([mine]);
  expect(await owners(tenantDb({}), members)).toEqual([]);
  expect(await owners(tenantDb({ isStaff: true }), members)).toEqual([mine, theirs].toSorted());
});

test("a letter about a person's own account is its reader's alone, though anyone may cause it", async () => {
  const letter = (
    id: string,
  ) => raw`insert into letters (id, kind, recipient, subject, text, html, state, user_id, created_at)
    values (${id}, 'k', 'r', 's', 't', 'h', 'queued', ${me}, now())`;
  const id = newId("letter", now);
  await sql`insert into users (id, email, name, created_at) values (${me}, 'me@example.com', 'Me', now())`;
  await tenantDb({}).execute(letter(id));
  const seen = async (db: ReturnType<typeof tenantDb>) =>
    (await db.execute(raw`select id from letters where id = ${id}`)).length;
  expect(await seen(tenantDb({ userId: me }))).toBe(1);
  expect(await seen(tenantDb({ isStaff: true }))).toBe(1);
  for (const reach of [
    {},
    { userId: stranger },
    { organizationId: theirs },
    { organizationId: mine, userId: stranger },
  ])
    expect(await seen(tenantDb(reach))).toBe(0);
});

test("who only looks changes nothing, whatever is tried", async () => {
  const db = tenantDb({ organizationId: mine, isReadOnly: true });
  expect(await owners(db, { name: "workspaces", column: "organization_id" })).toEqual([mine]);
  const change = db.execute(raw`update workspaces set name = 'x'`);
  await expect(change).rejects.toMatchObject({ cause: { message: expect.stringContaining("read-only transaction") } });
});

test("what one transaction entered is forgotten by the connection that the next one gets", async () => {
  const db = tenantDb({ organizationId: mine });
  await Promise.all(Array.from({ length: 30 }, () => db.execute(raw`select 1`)));
  const [row] =
    await sql`select current_user = session_user as "isOwner", current_setting('app.organization', true) as organization`;
  expect(row?.isOwner).toBe(true);
  expect(row?.organization || null).toBe(null);
  await expect(db.transaction(async (tx) => void (await tx.execute(raw`select 1/0`)))).rejects.toThrow();
  expect((await owners(db, { name: "workspaces", column: "organization_id" })).length).toBe(1);
});
