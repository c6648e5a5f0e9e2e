import { afterAll, beforeAll, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { connect } from "#db/pool.ts";
import { testDatabase } from "#db/testing.ts";
import { newSecret } from "#lib/core/api-keys/secret.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { createKey, reportLeakedKey, revokeKey, rotateKey } from "#lib/domain/keys/commands.ts";
import { openPlayground } from "#lib/domain/keys/playground/commands.ts";
import { callersOf, key, keyPage } from "#lib/domain/keys/queries.ts";
import type { NewKey } from "#lib/domain/keys/view.ts";
import { openChangeFeed } from "#lib/gateway/change-feed/change-feed.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { type Authenticator, openAuthenticator } from "./authenticator.ts";

const { db, sql, url } = await testDatabase();
const draft = {
  name: "k",
  scopes: ["completions:create" as const],
  models: null,
  addresses: null,
  expiresInDays: null,
};
const here = "127.0.0.1";

// Two processes: each has its own connections and its own memory.
let first: Authenticator;
let second: Authenticator;
const other = connect(url);
const lines = [await openChangeFeed(sql), await openChangeFeed(other.sql)] as const;
beforeAll(() => {
  [first, second] = [openAuthenticator(sql, lines[0]), openAuthenticator(other.sql, lines[1])];
});
afterAll(async () => {
  await Promise.all(lines.map((line) => line.close()));
  await other.sql.end();
});

async function refusal(gate: Authenticator, secret: string, address = here): Promise<string> {
  try {
    await gate.authenticate(secret, address);
    return "admitted";
  } catch (error) {
    return (error as Error).message;
  }
}

test("T-4.2.1-KEY4: a revoked key is refused by every process in under a second, though both remember it", async () => {
  const ctx = await testWorkspace(db);
  const { id, secret } = await createKey(ctx, draft);
  for (const gate of [first, second]) expect(await refusal(gate, secret)).toBe("admitted");
  const begun = performance.now();
  await revokeKey(ctx, { id });
  for (const gate of [first, second])
    await expect.poll(() => refusal(gate, secret), { interval: 10, timeout: 1000 }).toMatch(/revoked/);
  expect(performance.now() - begun).toBeLessThan(1000);
});

test("a suspended organization is refused in under a second, and let in again", async () => {
  const ctx = await testWorkspace(db);
  const { secret } = await createKey(ctx, draft);
  expect(await refusal(first, secret)).toBe("admitted");
  await sql`update organizations set status = 'suspended', status_reason = 'Unpaid invoice.' where id = ${ctx.organizationId}`;
  await expect.poll(() => refusal(first, secret), { interval: 10, timeout: 1000 }).toMatch(/suspended. Unpaid invoice/);
  await sql`update organizations set status = 'active' where id = ${ctx.organizationId}`;
  await expect.poll(() => refusal(first, secret), { interval: 10, timeout: 1000 }).toBe("admitted");
});

test("a key whose owner left, or whose workspace is archived, has ended", async () => {
  const ctx = await testWorkspace(db);
  const { secret } = await createKey(ctx, draft);
  await sql`update workspaces set archived_at = now() where organization_id = ${ctx.organizationId}`;
  await expect.poll(() => refusal(first, secret), { interval: 10, timeout: 1000 }).toMatch(/archived/);
  await sql`update workspaces set archived_at = null where organization_id = ${ctx.organizationId}`;
  await expect.poll(() => refusal(first, secret), { interval: 10, timeout: 1000 }).toBe("admitted");
  await sql`delete from members where organization_id = ${ctx.organizationId}`;
  await expect.poll(() => refusal(first, secret), { interval: 10, timeout: 1000 }).toMatch(/owner left/);
});

test("while the line to the database is not trusted, nothing remembered is used", async () => {
  const deaf = connect(url);
  const changes = await openChangeFeed(deaf.sql);
  const gate = openAuthenticator(deaf.sql, changes);
  const ctx = await testWorkspace(db);
  const { id, secret } = await createKey(ctx, draft);
  expect(await refusal(gate, secret)).toBe("admitted");
  // The listening connection dies; before its replacement is heard from, memory must not answer.
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%' and pid <> pg_backend_pid()`;
  await revokeKey(ctx, { id });
  await expect.poll(() => refusal(gate, secret), { interval: 10, timeout: 1000 }).toMatch(/revoked/);
  await changes.close();
  await deaf.sql.end();
});

test("what is no key is refused without asking the database, and an unknown key with asking once", async () => {
  expect(await refusal(first, "cpt_short")).toMatch(/not an API key/);
  const typo = newSecret().replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  expect(await refusal(first, typo)).toMatch(/not an API key/);
  expect(await refusal(first, newSecret())).toMatch(/not known/);
});

test("a key is good from its own addresses only, and until it expires", async () => {
  const ctx = await testWorkspace(db);
  const { secret } = await createKey(ctx, { ...draft, addresses: ["203.0.113.0/24", "2001:db8::/32"] });
  for (const address of ["203.0.113.9", "2001:db8::1"]) expect(await refusal(first, secret, address)).toBe("admitted");
  for (const address of ["203.0.114.1", "2001:db9::1", "", "not an address"])
    expect(await refusal(first, secret, address)).toMatch(/may not be used from/);
  const past = { ...ctx, now: new Date(ctx.now.getTime() - 2 * 86_400_000) };
  const { secret: old } = await createKey(past, { ...draft, expiresInDays: 1 });
  expect(await refusal(first, old)).toMatch(/expired/);
});

test("T-1-EFF: the first request is an organization's first use, once", async () => {
  const ctx = await testWorkspace(db);
  const { secret } = await createKey(ctx, draft);
  await first.authenticate(secret, here);
  const [row] = await sql`select first_use_at from organizations where id = ${ctx.organizationId}`;
  expect(row?.first_use_at).toBeTruthy();
});

test("T-4.2.1-KEY1: the secret exists once: not in the database, not in any view", async () => {
  const ctx = await testWorkspace(db);
  const { id, secret } = await createKey(ctx, draft);
  const [row] = await sql`select keys::text as all from keys where id = ${id}`;
  expect(row?.all).not.toContain(secret);
  const views = JSON.stringify([(await keyPage(ctx, {})).rows, await key(ctx, id)], (_name, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  expect(views).not.toContain(secret);
  expect(views).not.toContain(row?.all.match(/[\w-]{43}/)?.[0] ?? "no hash");
  const [audit] = await sql`select audit_events::text as all from audit_events where object_id = ${id}`;
  expect(audit?.all).toContain("T-4.2.1-KEY1");
  expect(audit?.all).not.toContain(secret);
});

test("rotation: both keys are good during the grace, with the same rights; none ends the old one at once", async () => {
  const ctx = await testWorkspace(db);
  const old = await createKey(ctx, { ...draft, models: ["tiny-chat-1"], expiresInDays: 90 });
  const fresh = await rotateKey(ctx, { id: old.id, grace: "hour" });
  for (const secret of [old.secret, fresh.secret]) expect(await refusal(first, secret)).toBe("admitted");
  const view = await key(ctx, fresh.id);
  expect(view).toMatchObject({
    scopes: draft.scopes,
    models: ["tiny-chat-1"],
    revokedAt: null,
    lastUsedAt: null,
    successorId: null,
  });
  expect((await key(ctx, old.id)).expiresAt).toEqual(new Date(ctx.now.getTime() + 3_600_000));
  await expect(rotateKey(ctx, { id: old.id, grace: "hour" })).rejects.toThrow(/already rotated/);
  const last = await rotateKey(ctx, { id: fresh.id, grace: "none" });
  await expect.poll(() => refusal(first, fresh.secret), { interval: 10, timeout: 1000 }).toMatch(/revoked/);
  expect(await refusal(first, last.secret)).toBe("admitted");
});

test("T-4.2.1-KEY4: a leaked key ends at once, has a successor, and can be reported once", async () => {
  const ctx = await testWorkspace(db);
  const leaked = await createKey(ctx, draft);
  const fresh = (await reportLeakedKey(ctx, { id: leaked.id })) as NewKey;
  expect(await refusal(first, leaked.secret)).toMatch(/revoked/);
  expect(await refusal(first, fresh.secret)).toBe("admitted");
  expect(await key(ctx, leaked.id)).toMatchObject({ revokedReason: "leaked", successorId: fresh.id });
  await expect(reportLeakedKey(ctx, { id: leaked.id })).rejects.toThrow(/already reported/);
});

test("another tenant's key is not there, and a role without the right is refused in words", async () => {
  const ctx = await testWorkspace(db);
  const stranger = await testWorkspace(db);
  const { id } = await createKey(ctx, draft);
  for (const attempt of [
    () => key(stranger, id),
    () => revokeKey(stranger, { id }),
    () => rotateKey(stranger, { id, grace: "none" }),
    () => reportLeakedKey(stranger, { id }),
  ]) {
    await expect(attempt()).rejects.toMatchObject({ problem: "not_found" });
  }
  expect(await callersOf(stranger, id, new Date(0))).toEqual([]);
  const viewer = await testWorkspace(db, { within: ctx, roles: ["user"] });
  await expect(createKey(viewer, draft)).rejects.toThrow(/Developer/);
  await expect(keyPage(viewer, {})).rejects.toMatchObject({ problem: "forbidden" });
  const colleague = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  await expect(revokeKey(colleague, { id })).rejects.toMatchObject({ problem: "forbidden" });
});

test("who may change any key ends a colleague's, and is never shown one that acts as them", async () => {
  const ctx = await testWorkspace(db, { roles: ["dev"] });
  const admin = await testWorkspace(db, { within: ctx, roles: ["workspace_admin"] });
  const [first, second] = [await createKey(ctx, draft), await createKey(ctx, draft)];
  const foreign = { problem: "forbidden", code: "key_of_another_person" };
  for (const grace of ["none", "hour", "day", "week"] as const)
    await expect(rotateKey(admin, { id: first.id, grace })).rejects.toMatchObject(foreign);
  const actor = { kind: "key" as const, id: "akey_1" as never, name: "Program", ownerId: admin.actor.id as Id<"user"> };
  const program = { ...admin, actor: { ...actor, permissions: admin.actor.permissions } };
  await expect(rotateKey(program, { id: first.id, grace: "hour" })).rejects.toMatchObject(foreign);
  const owner = ctx.actor.id as Id<"user">;
  await expect(createKey(program, draft, owner)).rejects.toMatchObject(foreign);
  expect(await createKey(program, { ...draft, isService: true }, owner)).toMatchObject({ name: draft.name });
  expect(await reportLeakedKey(admin, { id: first.id })).toBeNull();
  await revokeKey(admin, { id: second.id });
  const later = { ...ctx, now: addMinutes(ctx.now, 1) };
  const own = (await keyPage(later, {})).rows.filter((row) => row.ownerId === owner && !row.isService);
  expect(own.map((row) => row.state)).toEqual(["revoked", "revoked"]);
});

test("the playground has one key a person: opening it again replaces the secret", async () => {
  const ctx = await testWorkspace(db);
  const one = await openPlayground(ctx);
  const two = await openPlayground(ctx);
  await expect.poll(() => refusal(first, one.secret), { interval: 10, timeout: 1000 }).toMatch(/not known/);
  expect(await refusal(first, two.secret)).toBe("admitted");
  expect((await keyPage(ctx, {})).rows).toEqual([]);
});

test("a successor lives as long as the key was made to live, however often it is rotated or reported", async () => {
  const ctx = await testWorkspace(db);
  const made = await createKey(ctx, { ...draft, expiresInDays: 90 });
  await rotateKey(ctx, { id: made.id, grace: "hour" });
  const fresh = await reportLeakedKey(ctx, { id: made.id });
  expect(fresh?.expiresAt).toEqual(addDays(ctx.now, 90));
});
