import { inflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { inOrganization } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { sha256 } from "#lib/core/secrets.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { createAdminKey } from "#lib/domain/admin-keys/commands.ts";
import { createWebhook } from "#lib/domain/integrations/commands.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { systemAt } from "#lib/testing/billing.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { expireBundles, giveUpBundles, makeBundle, requestBundle, requestBundleFor, takeBundle } from "./commands.ts";
import { bundlePage } from "./queries.ts";
import { bundlePlaces } from "./rules.ts";

const { db, sql } = await testDatabase();

const make = async (ctx: Context) => {
  const id = await requestBundle(ctx);
  await makeBundle(inOrganization(systemAt(db, ctx.now), ctx.organizationId), id);
  return id;
};

/** What the page's address of the latest archive asks for. */
async function linkOf(ctx: Context) {
  const [{ id, href } = { id: undefined, href: null }] = (await bundlePage(ctx)).bundles;
  if (!id || !href) throw new Error("There is no address.");
  const query = new URL(href, "http://localhost").searchParams;
  return { id, expires: Number(query.get("expires")), signature: query.get("signature") ?? "", range: null };
}

async function bytesOf(
  ctx: Context,
  asked: Awaited<ReturnType<typeof linkOf>> | (Omit<Awaited<ReturnType<typeof linkOf>>, "range"> & { range: string }),
) {
  const { pieces } = await takeBundle(ctx, asked);
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts);
}

/** The files of a ZIP, read by its directory at the end. */
function unzipped(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, nameLength, extra, comment, offset] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
      zip.readUInt32LE(at + 42),
    ];
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    const data = zip.subarray(start, start + size);
    files.set(name, method === 8 ? inflateRawSync(data) : data);
    at += 46 + nameLength + extra + comment;
  }
  return files;
}

type Manifest = { files: { name: string; bytes: number; sha256: string }[] };

test("contract 31, T-6-EFF: the archive has what it says, its manifest and audit chain hold, and no planted secret is in it", async () => {
  const ctx = await testWorkspace(db);
  const draft = {
    name: "planted",
    scopes: ["models:read" as const],
    models: null,
    addresses: null,
    expiresInDays: null,
  };
  const { secret } = await createKey(ctx, draft);
  const { secret: admin } = await createAdminKey(ctx, { name: "planted too", access: "read", expires: 30 });
  const agent = await testAgent(db, ctx, { content: { instructions: "Speak of seven teapots." } });
  const [key] = await sql`select hash from keys where organization_id = ${ctx.organizationId}`;
  await make(ctx);
  const zip = await bytesOf(ctx, await linkOf(ctx));
  const files = unzipped(zip);
  const [shown] = (await bundlePage(ctx)).bundles;
  expect(shown).toMatchObject({ state: "ready", sha256: sha256(zip), bytes: zip.length, files: files.size });

  const { files: listed } = JSON.parse(String(files.get("manifest.json"))) as Manifest;
  expect(listed.map(({ name }) => name).toSorted()).toEqual(
    [...files.keys()].filter((name) => name !== "manifest.json").toSorted(),
  );
  for (const { name, bytes, sha256: hash } of listed) {
    const found = files.get(name) ?? Buffer.alloc(0);
    expect({ name, bytes: found.length, hash: sha256(found) }).toEqual({ name, bytes, hash });
  }
  expect(String(files.get(`agents/${agent}/version-0.json`))).toContain("seven teapots");
  expect(String(files.get("workspaces/keys.jsonl"))).toContain('"planted"');
  expect(String(files.get("people/members.jsonl"))).toContain((ctx.actor as { email: string }).email);

  const events = String(files.get("audit/events.txt")).trimEnd().split("\n");
  let before = "";
  for (const line of events) {
    const [hash, text] = [line.slice(0, 64), line.slice(65)];
    expect(sha256(text)).toBe(hash);
    expect((JSON.parse(text) as { previous_hash: string }).previous_hash).toBe(before);
    before = hash;
  }
  expect(events.length).toBe(3);

  const all = Buffer.concat([...files.values()]);
  for (const planted of [secret, admin, String(key?.hash)]) expect(all.includes(planted)).toBe(false);
});

test("contract 31: a part of it is that part, a wrong part is refused, and each download is written down once", async () => {
  const ctx = await testWorkspace(db);
  await make(ctx);
  const link = await linkOf(ctx);
  const whole = await bytesOf(ctx, link);
  for (const [range, part] of [
    ["bytes=10-99", whole.subarray(10, 100)],
    ["bytes=100-", whole.subarray(100)],
    ["bytes=-7", whole.subarray(-7)],
    ["bytes=5-999999999", whole.subarray(5)],
  ] as const)
    expect((await bytesOf(ctx, { ...link, range })).equals(part)).toBe(true);
  await expect(takeBundle(ctx, { ...link, range: `bytes=${whole.length}-` })).rejects.toMatchObject({
    code: "range_not_satisfiable",
  });
  const downloads =
    await sql`select actor_id from audit_events where organization_id = ${ctx.organizationId} and action = 'bundle.download'`;
  expect(downloads.map(({ actor_id: by }) => by)).toEqual([ctx.actor.id]);
});

test("contract 31: another person, another organization and a changed address get nothing; after a week it is gone everywhere", async () => {
  const ctx = await testWorkspace(db);
  const id = await make(ctx);
  const link = await linkOf(ctx);
  const member = await testWorkspace(db, { within: ctx });
  const admin = { ...member, actor: { ...member.actor, permissions: ctx.actor.permissions } } as typeof ctx;
  const stranger = await testWorkspace(db);
  expect((await bundlePage(admin)).bundles.map(({ href }) => href)).toEqual([null]);
  for (const [who, asked] of [
    [admin, link],
    [stranger, link],
    [ctx, { ...link, expires: link.expires + 1 }],
    [ctx, { ...link, signature: `${link.signature.slice(0, -1)}!` }],
    [ctx, { ...link, signature: `${link.signature.slice(0, -1)}é` }],
  ] as const)
    await expect(takeBundle(who, asked)).rejects.toMatchObject({ problem: "not_found" });
  const dev = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  await expect(takeBundle(dev, link)).rejects.toMatchObject({ problem: "forbidden" });

  const later = { ...ctx, now: addDays(ctx.now, 7) };
  await expect(takeBundle(later, link)).rejects.toMatchObject({ problem: "gone" });
  await expireBundles(systemAt(db, later.now));
  await expect(takeBundle(ctx, link)).rejects.toMatchObject({ problem: "gone" });
  const left: string[] = [];
  for await (const place of storage().list(bundlePlaces(ctx.organizationId, id))) left.push(place);
  expect(left).toEqual([]);
  expect([...(await sql`select state, key from bundles where id = ${id}`)]).toEqual([{ state: "expired", key: null }]);
});

test("contract 31, T-6-EFF: one at a time, three a day, and until thirty days after the end", async () => {
  const ctx = await testWorkspace(db);
  const asked = await Promise.allSettled([requestBundle(ctx), requestBundle(ctx)]);
  expect(asked.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const [queued] = await sql`select id from bundles where organization_id = ${ctx.organizationId}`;
  const system = inOrganization(systemAt(db, ctx.now), ctx.organizationId);
  // Two processes make the same one: whichever is first is what is kept, and it opens.
  await Promise.all([makeBundle(system, queued?.id), makeBundle(system, queued?.id)]);
  expect(unzipped(await bytesOf(ctx, await linkOf(ctx))).has("manifest.json")).toBe(true);
  for (let time = 0; time < 2; time++) await make(ctx);
  await expect(requestBundle(ctx)).rejects.toMatchObject({
    problem: "conflict",
    message: expect.stringContaining("tomorrow"),
  });

  const end = addDays(ctx.now, 10);
  await sql`insert into agreements (organization_id, number, starts_at, ends_at, ended_at, cause)
    values (${ctx.organizationId}, 1, ${ctx.now}, ${end}, ${end}, 'convenience')`;
  const last = { ...ctx, now: new Date(addDays(end, 30).getTime() - 1) };
  await expect(requestBundle({ ...last, now: addDays(end, 30) })).rejects.toMatchObject({ problem: "gone" });
  await make(last);
});

test("contract 31: one that could not be made in a day is given up, and another can be asked for", async () => {
  const ctx = await testWorkspace(db);
  await requestBundle(ctx);
  const next = addDays(ctx.now, 1);
  await giveUpBundles(systemAt(db, new Date(next.getTime() - 1)));
  await expect(requestBundle({ ...ctx, now: new Date(next.getTime() - 1) })).rejects.toMatchObject({
    problem: "conflict",
  });
  const errors = catchErrorLog();
  await giveUpBundles(systemAt(db, next));
  errors.restore();
  await make({ ...ctx, now: next });
  expect((await bundlePage({ ...ctx, now: next })).bundles.map(({ state }) => state)).toEqual(["ready", "failed"]);
});

test("contract 31: bytes that no row names are nowhere: of the slower of two tries, of one given up, and of a kill while one expires", async () => {
  const ctx = await testWorkspace(db);
  const left = async (id: Id<"bundle">) => {
    const found: string[] = [];
    for await (const place of storage().list(bundlePlaces(ctx.organizationId, id))) found.push(place);
    return found.length;
  };
  const system = inOrganization(systemAt(db, ctx.now), ctx.organizationId);
  const first = await requestBundle(ctx);
  await Promise.all([makeBundle(system, first), makeBundle(system, first)]);
  expect(await left(first)).toBe(1);
  // Its bytes went, and the process was killed before the row was written.
  for await (const place of storage().list(bundlePlaces(ctx.organizationId, first))) await storage().remove(place);
  await expireBundles(systemAt(db, addDays(ctx.now, 7)));
  expect([...(await sql`select state, key from bundles where id = ${first}`)]).toEqual([
    { state: "expired", key: null },
  ]);

  const second = await requestBundle(ctx);
  await storage().write(`${bundlePlaces(ctx.organizationId, second)}killed`, [Buffer.from("half")]);
  const errors = catchErrorLog();
  await giveUpBundles(systemAt(db, addDays(ctx.now, 1)));
  errors.restore();
  expect(await left(second)).toBe(0);
});

test("contract 31: an archive that is made is told of to webhooks, with what proves it", async () => {
  const ctx = await testWorkspace(db);
  Object.assign(env(), { DEMO: "on", OUTGOING_ALLOWED_RANGES: "127.0.0.1/32" });
  await createWebhook(ctx, { url: "http://127.0.0.1:9/", description: "", eventTypes: ["export.ready"] });
  const id = await make(ctx);
  const events = await sql`select type, data from webhook_events where organization_id = ${ctx.organizationId}`;
  const [made] = await sql`select bytes::float8, files, sha256 as checksum, expires_at from bundles where id = ${id}`;
  const { expires_at: expires, ...rest } = made as { expires_at: string };
  expect(events).toEqual([
    { type: "export.ready", data: { bundle_id: id, ...rest, expires_at: new Date(expires).toISOString() } },
  ]);
});

test("contract 31: the operator asks for an admin, who gets the letter and alone can download it; no one else is asked for", async () => {
  const ctx = await testWorkspace(db);
  const dev = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  const house = inOrganization(systemAt(db, ctx.now), ctx.organizationId);
  const emailOf = ({ actor }: Context) => ("email" in actor ? String(actor.email) : "");
  for (const email of [emailOf(dev), emailOf(await testWorkspace(db)), "no-one@example.com"])
    await expect(requestBundleFor(house, { email })).rejects.toMatchObject({ problem: "not_found" });
  const id = await requestBundleFor(house, { email: emailOf(ctx) });
  await makeBundle(house, id);
  expect((await bytesOf(ctx, await linkOf(ctx))).length).toBeGreaterThan(0);
});
