import { beforeEach, describe, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { addDays } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants, type Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { sha256 } from "#lib/core/secrets.ts";
import { terminationOf } from "#lib/domain/agreements/queries.ts";
import { giveNotice } from "#lib/domain/ending/notice/commands.ts";
import { applyNotices } from "#lib/domain/notices/legal/applying/commands.ts";
import { runNotices } from "#lib/domain/notices/legal/commands.ts";
import { announcePublication, approvePublication, draftVersion } from "#lib/domain/publications/commands.ts";
import { documentFor } from "#lib/domain/terms/queries.ts";
import type { PendingChange } from "#lib/domain/terms/view.ts";
import { findKey } from "#lib/gateway/authentication/key-lookup.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { notices } from "#server/notices/registry.ts";
import { agreeByUse, agreeToChange, disagree } from "./commands.ts";
import { agreeByUseJob } from "./jobs.ts";
import { agreementsTo, pendingChanges } from "./queries.ts";

const { db, sql } = await testDatabase();
const start = new Date("2027-02-07T00:00:00Z");
const date = new Date("2027-03-10T00:00:00Z");
const last = new Date(date.getTime() - 1);

const staff = (now = start, id = "first"): AccountContext =>
  acrossTenants({
    db,
    now,
    actor: { kind: "system", id, name: id, permissions: new Set([...systemPermissions, "account.open"]) },
    origin: { address: "internal", agent: "vitest" },
  });

const at = (ctx: Context, now: Date): Context => ({ ...ctx, now });

async function member(within?: Context): Promise<Context> {
  const { actor, ...rest } = await testWorkspace(db, within && { within });
  const all = within?.actor.permissions ?? [];
  return {
    ...rest,
    actor: { ...actor, permissions: new Set([...actor.permissions, ...all, "account.open" as const]) },
  };
}

let version = 0;
async function draft(): Promise<Id<"publication">> {
  version += 1;
  await draftVersion(staff(), {
    kind: "terms",
    text: `---\nversion: ${version}\ntitle: Terms\nsummary: In short.\n---\n# Terms\n\nWords of version ${version}.`,
  });
  const [row] = await sql`select id from publications where kind = 'terms' and version = ${version}`;
  return row?.id;
}

let ctx: Context;
let change: PendingChange;
beforeEach(async () => {
  delete env().SMTP_URL;
  await sql`update publications set state = 'withdrawn' where state in ('draft', 'approved', 'announced')`;
  await sql`update agreements set ended_at = starts_at where ended_at is null`;
  if (version === 0) await draft();
  ctx = await member();
  await sql`update organizations set first_use_at = '2026-01-01' where id = ${ctx.organizationId}`;
  const id = await draft();
  await approvePublication(staff(), { id, change: "substantial", summary: "The words change.", plannedAt: date });
  await announcePublication(staff(start, "second"), { id });
  await runNotices(staff(), { about: "terms", aboutId: id }, notices);
  const [found] = await pendingChanges(at(ctx, start));
  if (!found) throw new Error("Nothing is announced.");
  change = found;
});

const shown = () => ({ documentId: change.id, sha256: change.sha256 });

describe("contract 12: agreeing and disagreeing", () => {
  test("contract 12, T-7-EXIT: at the last millisecond an admin ends the agreement on the day of the change and is never bound; one late, not", async () => {
    expect(change).toMatchObject({ version, startsAt: date, agreedBy: null });
    await expect(disagree(at(ctx, date), { documentId: change.id, endsAt: undefined })).rejects.toMatchObject({
      code: "change_not_pending",
    });
    await disagree(at(ctx, last), { documentId: change.id, endsAt: undefined });
    expect(await terminationOf(at(ctx, last))).toMatchObject({
      kind: "disagreement",
      endsAt: date,
      publicationId: change.publicationId,
      clause: "T-7-EXIT",
    });
    const [status] =
      await sql`select status_at(id, status, ${date}) as status from organizations where id = ${ctx.organizationId}`;
    expect(status?.status).toBe("terminated");
    expect((await documentFor(at(ctx, last), "terms")).version).toBeLessThan(version);
    await agreeByUse(at(ctx, last), { userId: ctx.actor.id as Id<"user"> });
    expect(await agreementsTo(ctx)).toEqual([]);
  });

  test("contract 12: any instant until the date can be chosen, none after it", async () => {
    const late = { documentId: change.id, endsAt: new Date(date.getTime() + 1) };
    await expect(disagree(at(ctx, start), late)).rejects.toMatchObject({ fields: { endsAt: [expect.any(String)] } });
    const soon = addDays(start, 2);
    await disagree(at(ctx, start), { documentId: change.id, endsAt: soon, words: "Too dear." });
    expect(await terminationOf(ctx)).toMatchObject({ endsAt: soon, words: "Too dear." });
  });

  test("contract 12, T-7-SUB: two admins at once: either both acts stand with the exit last, or agreeing is refused", async () => {
    const other = await member(ctx);
    const both = await Promise.allSettled([
      agreeToChange(at(ctx, start), shown()),
      disagree(
        at(
          { ...other, db: tenantDb({ organizationId: ctx.organizationId, userId: other.actor.id as Id<"user"> }) },
          start,
        ),
        {
          documentId: change.id,
          endsAt: undefined,
        },
      ),
    ]);
    expect(both[1].status).toBe("fulfilled");
    if (both[0].status === "rejected") expect(both[0].reason).toMatchObject({ code: "agreement_ending" });
    // Afterwards no one agrees any more.
    await expect(agreeToChange(at(ctx, start), shown())).rejects.toMatchObject({
      code: "agreement_ending",
      problem: "conflict",
    });
  });

  test("contract 12: the exit stays after another admin agreed, and the page names who did", async () => {
    await agreeToChange(at(ctx, start), shown());
    await agreeToChange(at(ctx, start), shown());
    const [pending] = await pendingChanges(at(ctx, last));
    expect(pending?.agreedBy).toEqual({ name: "Test Person", at: start });
    // What holds for them does so from the date, not from the click.
    expect((await documentFor(at(ctx, last), "terms")).version).toBeLessThan(version);
    await disagree(at(ctx, last), { documentId: change.id, endsAt: undefined });
    expect(await terminationOf(ctx)).toMatchObject({ kind: "disagreement" });
  });

  test("contract 12: a notice with a later end makes room for the exit", async () => {
    await giveNotice(at(ctx, start), { endsAt: new Date("2027-04-01T00:00:00Z"), name: "Test", keysDeleted: "on" });
    await disagree(at(ctx, start), { documentId: change.id, endsAt: undefined });
    expect(await terminationOf(ctx)).toMatchObject({ kind: "disagreement", endsAt: date });
  });

  test("contract 12: who may not accept cannot, and a foreign customer's change is not there", async () => {
    const { actor } = ctx;
    const without = {
      ...at(ctx, start),
      actor: { ...actor, permissions: new Set(["organization.read"] as const) },
    } as Context;
    await expect(agreeToChange(without, shown())).rejects.toMatchObject({ problem: "forbidden" });
    await expect(disagree(without, { documentId: change.id, endsAt: undefined })).rejects.toMatchObject({
      problem: "forbidden",
    });
    const foreign = await member();
    await sql`update organizations set first_use_at = '2027-02-08' where id = ${foreign.organizationId}`;
    expect(await pendingChanges(at(foreign, addDays(start, 2)))).toEqual([]);
    await expect(agreeToChange(at(foreign, addDays(start, 2)), shown())).rejects.toMatchObject({
      code: "change_not_pending",
    });
  });
});

describe("contract 13: agreement by use", () => {
  const key = newId("key", start);

  test("contract 13, T-7-EXIT: fifty requests at once after the date, by key and by console, leave one agreement and one line in the log", async () => {
    await agreeByUse(at(ctx, last), { keyId: key });
    expect(await agreementsTo(ctx)).toEqual([]);
    const users = { userId: ctx.actor.id as Id<"user"> };
    await Promise.all(Array.from({ length: 50 }, (_, i) => agreeByUse(at(ctx, date), i % 2 ? { keyId: key } : users)));
    expect(await agreementsTo(ctx)).toMatchObject([{ version, method: "implied_by_use", acceptedAt: date }]);
    const rows =
      await sql`select clause from audit_events where organization_id = ${ctx.organizationId} and action = 'terms.accept'`;
    expect(rows).toEqual([{ clause: "T-7-EXIT" }]);
  });

  test("contract 13: who agreed with a click agrees to nothing again, and a service key stands for no person", async () => {
    await agreeToChange(at(ctx, start), shown());
    await agreeByUse(at(ctx, date), { keyId: key });
    expect((await agreementsTo(ctx)).map(({ method }) => method)).toEqual(["click"]);
    const other = await member();
    await sql`update organizations set first_use_at = '2026-01-01' where id = ${other.organizationId}`;
    await sql`insert into legal_notices (organization_id, id, about, about_id, clause, planned_at, posted_at, letter_ids, noticed_at, effective_at)
      select ${other.organizationId}, ${newId("legalNotice", start)}, about, about_id, clause, planned_at, posted_at, '{}', noticed_at, effective_at
      from legal_notices where organization_id = ${ctx.organizationId} and effective_at = ${date} limit 1`;
    await agreeByUse(at(other, date), { keyId: key });
    expect(await agreementsTo(other)).toMatchObject([{ name: null, keyId: key }]);
  });

  test("contract 13: a key's first use is noted by the gate, under the key's name, and not before the date", async () => {
    const id = newId("key", start);
    await sql`insert into keys (organization_id, workspace_id, id, owner_id, name, hash, first4, last4, scopes, created_at)
      values (${ctx.organizationId}, ${ctx.workspaceId}, ${id}, ${ctx.actor.id}, 'Checkout', ${sha256(id)}, 'cpt_', 'abcd', '{models:read}', ${start})`;
    const by = { organizationId: ctx.organizationId, id };
    const queued = async () =>
      Array.from(
        await sql`select payload from graphile_worker._private_jobs jobs
        join graphile_worker._private_tasks tasks on tasks.id = jobs.task_id where identifier = ${agreeByUseJob.name}`,
      );
    await findKey(sql, by, last);
    expect(await queued()).toEqual([]);
    await Promise.all(Array.from({ length: 10 }, () => findKey(sql, by, date)));
    const jobs = await queued();
    expect(jobs).toHaveLength(1);
    await agreeByUseJob.perform(jobs[0]?.payload);
    expect(await agreementsTo(ctx)).toMatchObject([{ keyId: id, acceptedAt: date }]);
    const rows =
      await sql`select actor_kind, actor_name from audit_events where organization_id = ${ctx.organizationId} and action = 'terms.accept'`;
    expect(rows).toEqual([{ actor_kind: "key", actor_name: "Checkout" }]);
  });

  test("contract 13: what follows from the day is done once, and not before it", async () => {
    await applyNotices(staff(last), notices);
    const applied = () => sql`select applied_at from legal_notices where organization_id = ${ctx.organizationId}`;
    expect(await applied()).toEqual([{ applied_at: null }]);
    await Promise.all([applyNotices(staff(date), notices), applyNotices(staff(date), notices)]);
    expect(new Date((await applied())[0]?.applied_at)).toEqual(date);
  });
});
