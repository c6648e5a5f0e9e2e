import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Actor } from "#lib/core/access/actor.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { addDays } from "#lib/core/clock.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { acrossTenants, inOrganization } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { createOrganization } from "#lib/domain/organizations/commands.ts";
import { approvePublication } from "#lib/domain/publications/commands.ts";
import { agree, publishDocuments } from "./commands.ts";
import type { AgreedKind } from "./input.ts";
import { documentInForce, documentText, documentVersions, effectiveDate, hasAgreed, myAgreements } from "./queries.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-11-23T10:00:00Z");
const folder = await mkdtemp(path.join(os.tmpdir(), "legal-"));
const origin = { address: "198.51.100.1", agent: "vitest" };
const operator = context({
  kind: "system",
  id: "test",
  name: "Test",
  permissions: new Set(["system.operate", "terms.decide"]),
});
const visitor = context({
  kind: "anonymous",
  id: "anonymous",
  name: "Visitor",
  permissions: new Set(["account.open"]),
});

function context(actor: Actor): AccountContext {
  return acrossTenants({ db, now: start, actor, origin });
}

const write = (kind: string, version: number, text: string, more = "") =>
  writeFile(
    path.join(folder, `${kind}.md`),
    `---\nversion: ${version}\ntitle: ${kind}\nsummary: In short.\n${more}---\n${text}`,
  );

beforeAll(async () => {
  // The configuration is read once; the folder is the one thing these tests change in it.
  env().LEGAL_DIR = folder;
  for (const kind of ["terms", "chat", "privacy", "data-processing"])
    await write(kind, 1, `First ${kind} of {{provider}}.`);
});

afterAll(() => rm(folder, { recursive: true }));

const everything: Permission[] = ["account.open", "account.manage", "terms.accept", "organization.read"];

async function person(permissions = everything): Promise<AccountContext> {
  const id = newId("user", start);
  await sql`insert into users (id, email, name, created_at) values (${id}, ${`${id}@example.com`}, 'Ada', ${start})`;
  return context({
    kind: "user",
    id,
    name: "Ada",
    email: "ada@example.com",
    sessionId: "ses_test",
    permissions: new Set(permissions),
  });
}

async function founder(): Promise<OrganizationContext> {
  const ctx = await person();
  return inOrganization(ctx, (await createOrganization(ctx, "Engines")).organizationId);
}

const onPage = async (kind: AgreedKind = "terms"): Promise<{ documentId: Id<"document">; sha256: string }> => {
  const { id, sha256 } = await documentInForce(visitor, kind);
  return { documentId: id, sha256 };
};

/** Brings the draft of a document into force. */
async function approve(kind: string): Promise<void> {
  await publishDocuments(operator);
  const [draft] = await sql`select id from publications where kind = ${kind} and state = 'draft'`;
  const decided = { change: "non_substantial", summary: "A word is spelled right.", plannedAt: undefined } as const;
  await approvePublication(operator, { id: draft?.id, ...decided });
}

describe("publishing", () => {
  test("puts each document in once, however often and by however many processes it is asked", async () => {
    const [first, second] = await Promise.all([publishDocuments(operator), publishDocuments(operator)]);
    const outcomes = [first, second].map((publications) => publications.map(({ outcome }) => outcome));
    expect(outcomes.flat().filter((outcome) => outcome === "published")).toHaveLength(4);
    expect(await documentVersions(visitor)).toHaveLength(4);
    expect((await publishDocuments(operator)).map(({ outcome }) => outcome)).toEqual(Array(4).fill("unchanged"));
  });

  test("refuses a text that changed under the same version, and says what to do", async () => {
    await write("privacy", 1, "Quietly changed.");
    await expect(publishDocuments(operator)).rejects.toThrow(
      /privacy\.md says it is version 1.*Give the new text version 2/,
    );
    await write("privacy", 1, "First privacy of {{provider}}.");
  });

  test("keeps the former name in what was agreed to when the provider is renamed", async () => {
    const name = env().PROVIDER_NAME;
    env().PROVIDER_NAME = "Renamed";
    const publications = await publishDocuments(operator);
    env().PROVIDER_NAME = name;
    expect(publications.map(({ outcome }) => outcome)).toEqual(Array(4).fill("kept-with-former-name"));
    expect((await documentText(visitor, "terms", 1)).body).toBe("First terms of Comptoir.");
  });

  test("is for the operator only, and names the file it cannot read", async () => {
    await expect(publishDocuments(visitor)).rejects.toMatchObject({ problem: "unauthenticated" });
    await write("data-processing", 1, "{{nobody}}");
    await expect(publishDocuments(operator)).rejects.toThrow(/data-processing\.md cannot be published.*nobody/);
    await write("data-processing", 1, "First data-processing of {{provider}}.");
  });

  test("contract 8, T-7-SUB: a changed file makes a draft that no one sees and nothing follows from, however often the product starts", async () => {
    await write("privacy", 2, "Second.");
    const [first] = await Promise.all([publishDocuments(operator), publishDocuments(operator)]);
    expect(first.filter(({ outcome }) => outcome === "drafted").length).toBeLessThanOrEqual(1);
    expect((await publishDocuments(operator)).map(({ outcome }) => outcome)).toEqual(Array(4).fill("unchanged"));
    expect((await documentInForce(visitor, "privacy")).version).toBe(1);
    expect(await documentVersions(visitor)).toHaveLength(4);
    await expect(documentText(visitor, "privacy", 2)).rejects.toMatchObject({ problem: "not_found" });
    expect(await sql`select state from publications where kind = 'privacy' and version = 2`).toMatchObject([
      { state: "draft" },
    ]);
  });

  test("T-2-INC: an old version stays readable beside the new one, and neither can be changed", async () => {
    await approve("privacy");
    expect((await documentText(visitor, "privacy")).body).toBe("Second.");
    expect((await documentText(visitor, "privacy", 1)).body).toBe("First privacy of Comptoir.");
    await expect(documentText(visitor, "privacy", 3)).rejects.toMatchObject({ problem: "not_found" });
    await expect(sql`update documents set body = 'x'`).rejects.toThrow(/append-only/);
    await expect(sql`delete from documents`).rejects.toThrow(/append-only/);
  });
});

describe("agreeing", () => {
  test("T-3-CLICK: keeps who, for which person, which text, how, from where and when, and cites the clause", async () => {
    const ctx = await founder();
    expect(await hasAgreed(ctx)).toBe(false);
    const shown = await onPage();
    await agree(ctx, shown);
    expect(await hasAgreed(ctx)).toBe(true);
    const [row] = await sql`select * from acceptances where organization_id = ${ctx.organizationId}`;
    expect(row).toMatchObject({
      user_id: ctx.actor.id,
      document_id: shown.documentId,
      sha256: shown.sha256,
      method: "click",
      binds: true,
      ...origin,
    });
    const audit =
      await sql`select clause from audit_events where organization_id = ${ctx.organizationId} and action = 'terms.accept'`;
    expect(audit).toMatchObject([{ clause: "T-3-CLICK" }]);
  });

  test("T-4.3-SHARE1: the chat's terms are agreed to apart from the contract, by each person and for no one else", async () => {
    const ctx = await founder();
    await expect(agree(ctx, await onPage("terms"), "chat")).rejects.toMatchObject({ code: "terms_changed" });
    await agree(ctx, await onPage("chat"), "chat");
    expect(await hasAgreed(ctx, "chat")).toBe(true);
    expect(await hasAgreed(ctx)).toBe(false);
    const [row] = await sql`select binds from acceptances where organization_id = ${ctx.organizationId}`;
    expect(row?.binds).toBe(false);
    const other: OrganizationContext = { ...(await person()), organizationId: ctx.organizationId };
    expect(await hasAgreed(other, "chat")).toBe(false);
  });

  test("T-3-CLICK: two tabs and two admins at the same instant leave one row for each person", async () => {
    const ctx = await founder();
    const shown = await onPage();
    const other: OrganizationContext = { ...(await person()), organizationId: ctx.organizationId };
    await agree(ctx, shown);
    expect(await hasAgreed(other)).toBe(false);
    await Promise.all([agree(ctx, shown), agree(ctx, shown), agree(other, shown), agree(other, shown)]);
    expect(await sql`select 1 from acceptances where organization_id = ${ctx.organizationId}`).toHaveLength(2);
    const audit =
      await sql`select 1 from audit_events where organization_id = ${ctx.organizationId} and action = 'terms.accept'`;
    expect(audit).toHaveLength(2);
  });

  test("T-3-CLICK: terms that changed between page and click are refused, and the new ones accepted", async () => {
    const ctx = await founder();
    const stale = await onPage();
    await agree(ctx, stale);
    await write("terms", 2, "Second.");
    await approve("terms");
    // No one is asked again: what they agreed to is amended by notice or by use.
    expect(await hasAgreed(ctx)).toBe(true);
    await expect(agree(ctx, stale)).rejects.toMatchObject({
      code: "terms_changed",
      fields: { agree: [expect.stringContaining("2")] },
    });
    await expect(agree(ctx, { ...(await onPage()), sha256: stale.sha256 })).rejects.toMatchObject({
      code: "terms_changed",
    });
    await agree(ctx, await onPage());
    expect((await myAgreements(ctx)).map(({ version, organization }) => [version, organization]).sort()).toEqual([
      [1, "Engines"],
      [2, "Engines"],
    ]);
  });

  test("T-1-EFF: a member's click is kept and binds only the member; the admin's gives the effective date", async () => {
    const ctx = await founder();
    const member = await person(["account.open", "account.manage", "organization.read"]);
    await agree({ ...member, organizationId: ctx.organizationId, now: addDays(start, 1) }, await onPage());
    expect(await effectiveDate(ctx)).toBeNull();
    await agree({ ...ctx, now: addDays(start, 3) }, await onPage());
    expect(await effectiveDate(ctx)).toEqual(addDays(start, 3));
    await sql`update organizations set first_use_at = ${addDays(start, 2)} where id = ${ctx.organizationId}`;
    expect(await effectiveDate(ctx)).toEqual(addDays(start, 2));
  });

  test("T-3-CLICK: the evidence can neither be changed nor removed", async () => {
    await expect(sql`update acceptances set accepted_at = now()`).rejects.toThrow(/append-only/);
    await expect(sql`delete from acceptances`).rejects.toThrow(/append-only/);
  });

  test("one organization's agreement says nothing about another's, and visitors cannot agree", async () => {
    const [mine, theirs] = [await founder(), await founder()];
    await agree(mine, await onPage());
    expect(await hasAgreed(inOrganization(mine, theirs.organizationId))).toBe(false);
    expect(await myAgreements(theirs)).toEqual([]);
    const nobody = inOrganization(visitor, mine.organizationId);
    await expect(agree(nobody, await onPage())).rejects.toMatchObject({ problem: "unauthenticated" });
  });
});
