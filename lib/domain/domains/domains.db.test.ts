import { createSocket } from "node:dgram";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { personOf } from "#lib/core/access/person.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import {
  addDomain,
  checkDomain,
  joinByDomain,
  joinByProvider,
  removeDomain,
  setJoining,
  verifyDomain,
} from "./commands.ts";
import { domainInput } from "./input.ts";
import { joinable, listDomains } from "./queries.ts";
import { proofName } from "./rules.ts";

const { db, sql } = await testDatabase();

/** What the name server of these tests says of a name, and of which it says nothing it says that it does not exist. */
const records = new Map<string, string>();
const server = createSocket("udp4");
let isSilent = false;

beforeAll(async () => {
  server.on("message", (query, { port, address }) => {
    if (!isSilent) server.send(answerTo(query), port, address);
  });
  await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
  process.env.DNS_SERVERS = `127.0.0.1:${server.address().port}`;
});
afterAll(() => {
  server.close();
});

/** RFC 1035, as far as one question for a text goes. */
function answerTo(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  const text = records.get(labels.join(".").toLowerCase());
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(text === undefined ? 0x8183 : 0x8180, 2);
  header.writeUInt16BE(text === undefined ? 0 : 1, 6);
  header.writeUInt32BE(0, 8);
  if (text === undefined) return Buffer.concat([header, question]);
  const head = Buffer.from([0xc0, 0x0c, 0, 16, 0, 1, 0, 0, 0, 60, 0, text.length + 1, text.length]);
  return Buffer.concat([header, question, head, Buffer.from(text)]);
}

let admin: Context;
let domain: string;
let tests = 0;

beforeEach(async () => {
  tests += 1;
  domain = `company-${tests}.example`;
  admin = may(await testWorkspace(db));
});

const may = (ctx: Context, ...more: Permission[]): Context => ({
  ...ctx,
  actor: { ...ctx.actor, permissions: new Set([...ctx.actor.permissions, "account.open" as const, ...more]) },
});

async function person(email: string, isConfirmed = true): Promise<AccountContext> {
  const id = newId("user", admin.now);
  await sql`insert into users (id, email, name, email_verified_at, created_at)
    values (${id}, ${email}, 'Bea', ${isConfirmed ? admin.now : null}, ${admin.now})`;
  const permissions = new Set<Permission>(["account.open", "account.manage"]);
  const actor: Actor = { kind: "user", id, name: "Bea", email, sessionId: "ses_test", permissions };
  return { ...admin, actor };
}

async function proven(ctx = admin, name = domain) {
  const id = await addDomain(ctx, { domain: name });
  const [row] = (await listDomains(ctx)).filter((domain) => domain.id === id);
  records.set(proofName(name), row?.proof ?? "");
  await checkDomain(ctx, { id });
  return id;
}

async function open(joining: "ask" | "auto", role: "user" | "dev" = "user") {
  const id = await proven();
  await setJoining(admin, { id, joining, role });
  return id;
}

const rolesOf = async (ctx: AccountContext) => {
  const rows = await sql`select members.roles, workspace_members.roles as there from members
    left join workspace_members using (organization_id, user_id)
    where organization_id = ${admin.organizationId} and user_id = ${personOf(ctx.actor).id}`;
  return rows.map(({ roles, there }) => [...roles, ...(there ?? [])]);
};

describe("a domain", () => {
  test("is proven by a TXT record with its own text, asked of a real name server", async () => {
    const id = await addDomain(admin, { domain });
    await expect(checkDomain(admin, { id })).rejects.toMatchObject({ code: "proof_missing" });
    records.set(proofName(domain), "comptoir-domain=something-else");
    await expect(checkDomain(admin, { id })).rejects.toThrow("says something else");
    expect(await listDomains(admin)).toMatchObject([{ name: domain, verifiedAt: null, joining: "off" }]);
    const [{ proof } = { proof: "" }] = await listDomains(admin);
    records.set(proofName(domain), proof);
    await checkDomain(admin, { id });
    expect(await listDomains(admin)).toMatchObject([{ verifiedAt: admin.now, verifiedBy: "dns", joining: "off" }]);
    const rows =
      await sql`select action from audit_events where organization_id = ${admin.organizationId} order by action`;
    expect(rows.map(({ action }) => action)).toEqual(["domain.add", "domain.verify"]);
  });

  test("is not proven by the record of another organization, and by one organization only", async () => {
    const other = may(await testWorkspace(db));
    const theirs = await addDomain(other, { domain });
    await proven();
    await expect(checkDomain(other, { id: theirs })).rejects.toMatchObject({ code: "proof_missing" });
    const [{ proof } = { proof: "" }] = await listDomains(other);
    records.set(proofName(domain), proof);
    await expect(checkDomain(other, { id: theirs })).rejects.toMatchObject({ problem: "conflict" });
    expect(await listDomains(other)).toMatchObject([{ verifiedAt: null }]);
  });

  test("of two organizations that prove it at the same instant, one has it", async () => {
    const other = may(await testWorkspace(db));
    const permissions = new Set<Permission>(["system.operate", "organization.read"]);
    const actor: Actor = { kind: "system", id: "system", name: "admin", permissions };
    const outcomes = await Promise.allSettled([
      verifyDomain({ ...admin, actor }, domain),
      verifyDomain({ ...other, actor }, domain),
    ]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("stays unproven while the name servers are silent, in words that say so", async () => {
    const id = await addDomain(admin, { domain });
    isSilent = true;
    await expect(checkDomain(admin, { id })).rejects.toMatchObject({ problem: "unavailable" });
    isSilent = false;
  });

  test("is added once, by the person who may change settings, and not by a foreign organization", async () => {
    const id = await addDomain(admin, { domain });
    await expect(addDomain(admin, { domain })).rejects.toMatchObject({ fields: { domain: [expect.any(String)] } });
    const member = may(await testWorkspace(db, { within: admin }));
    await expect(addDomain(member, { domain: "other.example" })).rejects.toMatchObject({ problem: "forbidden" });
    const other = may(await testWorkspace(db));
    for (const command of [checkDomain, removeDomain]) {
      await expect(command(other, { id })).rejects.toMatchObject({ problem: "not_found" });
      await expect(command(member, { id })).rejects.toMatchObject({ problem: "forbidden" });
    }
    const joining = { id, joining: "auto", role: "dev" } as const;
    await expect(setJoining(other, joining)).rejects.toMatchObject({ problem: "not_found" });
    await expect(setJoining(admin, joining)).rejects.toMatchObject({ problem: "conflict" });
    await expect(verifyDomain(admin, domain)).rejects.toMatchObject({ problem: "forbidden" });
    expect(domainInput.safeParse({ id: "dom_1' or 1=1" }).success).toBe(false);
  });
});

describe("joining by a domain", () => {
  test("lets in the person who has a confirmed address of it, with the role that was set, once", async () => {
    await open("ask", "dev");
    const bea = await person(`bea@${domain.toUpperCase()}`);
    expect(await joinable(bea)).toMatchObject([{ organizationId: admin.organizationId, domain }]);
    const home = await joinByDomain(bea, admin.organizationId);
    expect(home).toEqual({ organizationId: admin.organizationId, workspaceId: admin.workspaceId });
    expect(await rolesOf(bea)).toEqual([["member", "dev"]]);
    expect(await joinable(bea)).toEqual([]);
    await joinByDomain(bea, admin.organizationId);
    expect(await rolesOf(bea)).toHaveLength(1);
    const rows =
      await sql`select 1 from audit_events where organization_id = ${admin.organizationId} and action = 'member.join'`;
    expect(rows).toHaveLength(1);
  });

  test("refuses an unconfirmed address, a foreign one, one of a part of the domain, and another organization", async () => {
    await open("ask");
    const other = may(await testWorkspace(db));
    for (const [email, isConfirmed] of [
      [`carl@${domain}`, false],
      ["dora@elsewhere.example", true],
      [`ella@mail.${domain}`, true],
      [`fred@x${domain}`, true],
      [`gus@${domain}.evil.example`, true],
    ] as const) {
      const somebody = await person(email, isConfirmed);
      expect({ email, open: await joinable(somebody) }).toEqual({ email, open: [] });
      await expect(joinByDomain(somebody, admin.organizationId)).rejects.toMatchObject({ problem: "not_found" });
    }
    const bea = await person(`bea@${domain}`);
    await expect(joinByDomain(bea, other.organizationId)).rejects.toMatchObject({ problem: "not_found" });
  });

  test("is over when it is switched off, when the domain is removed, and for an organization that was ended", async () => {
    const id = await open("ask");
    const bea = await person(`bea@${domain}`);
    await setJoining(admin, { id, joining: "off", role: "user" });
    await expect(joinByDomain(bea, admin.organizationId)).rejects.toMatchObject({ problem: "not_found" });
    await setJoining(admin, { id, joining: "ask", role: "user" });
    await sql`update organizations set status = 'terminated' where id = ${admin.organizationId}`;
    expect(await joinable(bea)).toEqual([]);
    await sql`update organizations set status = 'active' where id = ${admin.organizationId}`;
    await removeDomain(admin, { id });
    await expect(joinByDomain(bea, admin.organizationId)).rejects.toMatchObject({ problem: "not_found" });
  });

  test("the free plan's three people are three, however many join at the same instant", async () => {
    await open("ask");
    await sql`update organizations set plan = 'free' where id = ${admin.organizationId}`;
    const people = await Promise.all(["a", "b", "c", "d"].map((name) => person(`${name}@${domain}`)));
    const outcomes = await Promise.allSettled(people.map((ctx) => joinByDomain(ctx, admin.organizationId)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.code] : []));
    expect(refused).toEqual(["member_limit", "member_limit"]);
    const [row] = await sql`select count(*)::int from members where organization_id = ${admin.organizationId}`;
    expect(row?.count).toBe(3);
  });

  test("by itself at a provider's sign-in: only where it is set so, and never in the way of signing in", async () => {
    const id = await open("ask");
    const bea = await person(`bea@${domain}`);
    await joinByProvider(bea, `bea@${domain}`);
    expect(await rolesOf(bea)).toEqual([]);
    await setJoining(admin, { id, joining: "auto", role: "user" });
    await sql`update organizations set plan = 'free' where id = ${admin.organizationId}`;
    for (const name of ["one", "two"]) await joinByProvider(await person(`${name}@${domain}`), `${name}@${domain}`);
    await joinByProvider(bea, `bea@${domain}`);
    expect(await rolesOf(bea)).toEqual([]);
    await sql`update organizations set plan = 'paid' where id = ${admin.organizationId}`;
    await joinByProvider(bea, `bea@${domain}`);
    await joinByProvider(bea, `bea@${domain}`);
    expect(await rolesOf(bea)).toEqual([["member", "user"]]);
  });
});
