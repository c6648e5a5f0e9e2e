import { beforeEach, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { monthOf } from "#lib/core/clock.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { createKey } from "#lib/domain/keys/commands.ts";
import { setKeyLimit, setOrganizationLimit, setWorkspaceLimit } from "#lib/domain/limits/commands.ts";
import { catchErrorLog } from "#lib/testing/error-log.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { sendAlerts } from "./commands.ts";

const { db, sql } = await testDatabase();
const euros = (amount: number) => pico(BigInt(Math.round(amount * 1_000_000)) * 1_000_000n);

let ctx: Context;
let job: AccountContext;
beforeEach(async () => {
  await sql`delete from spend_limits`;
  await sql`delete from letters`;
  ctx = { ...(await testWorkspace(db)), now: new Date("2026-11-20T12:00:00Z") };
  const permissions = permissionsOf({ job: systemPermissions }, ["job"]);
  job = { ...ctx, actor: { kind: "job", id: "limits.send-alerts", name: "limits.send-alerts", permissions } };
});

/** Counters alone: what is not looked at here is how they came about. */
async function spent(scope: string, scopeId: string, amount: bigint, now = ctx.now): Promise<void> {
  await sql`insert into spend_months (organization_id, scope, scope_id, month, settled_pico)
    values (${ctx.organizationId}, ${scope}, ${scopeId}, ${monthOf(now)}, ${String(amount)})
    on conflict (organization_id, scope, scope_id, month) do update set settled_pico = excluded.settled_pico`;
}

const letters = () =>
  sql`select recipient, subject, kind, clause, text from letters where organization_id = ${ctx.organizationId} order by id`;

async function addMember(roles: string[], workspaceRoles: string[] = []): Promise<string> {
  const id = newId("user", ctx.now);
  const email = `${roles.at(-1)}-${workspaceRoles.at(-1) ?? "none"}-${id}@example.com`;
  await sql`insert into users (id, email, name, created_at) values (${id}, ${email}, 'Bo', ${ctx.now})`;
  await sql`insert into members (organization_id, user_id, roles, created_at) values (${ctx.organizationId}, ${id}, ${roles}, ${ctx.now})`;
  if (workspaceRoles.length > 0) {
    await sql`insert into workspace_members (organization_id, workspace_id, user_id, roles, created_at)
      values (${ctx.organizationId}, ${ctx.workspaceId}, ${id}, ${workspaceRoles}, ${ctx.now})`;
  }
  return email;
}

test("T-4.2.2.2-LIM3: each step is written about once a month, and again in the next", async () => {
  await setWorkspaceLimit(ctx, { limit: euros(100) });
  await spent("workspace", ctx.workspaceId, euros(49.999999));
  expect(await sendAlerts(job)).toBe(0);
  await spent("workspace", ctx.workspaceId, euros(50));
  expect(await sendAlerts(job)).toBe(1);
  expect(await sendAlerts(job)).toBe(0);
  expect(await letters()).toMatchObject([
    { subject: "50 % of the spend limit of Default is spent", clause: "T-4.2.2.2-LIM3" },
  ]);

  const december = { ...job, now: new Date("2026-12-01T00:00:00Z") };
  expect(await sendAlerts(december)).toBe(0);
  await spent("workspace", ctx.workspaceId, euros(60), december.now);
  expect(await sendAlerts(december)).toBe(1);
});

test("T-4.2.2.2-LIM3: when several steps are crossed at once, one letter goes out for the highest", async () => {
  await setWorkspaceLimit(ctx, { limit: euros(100) });
  await spent("workspace", ctx.workspaceId, euros(100));
  expect(await sendAlerts(job)).toBe(1);
  expect((await letters()).map(({ kind }) => kind)).toEqual(["limits.reached"]);
  const steps = await sql`select percent from spend_alerts where scope_id = ${ctx.workspaceId} order by percent`;
  expect(steps.map(({ percent }) => percent)).toEqual([50, 80, 100]);
});

test("T-4.2.2.2-LIM3: after a raise the steps that were said are not said again", async () => {
  await setWorkspaceLimit(ctx, { limit: euros(100) });
  await spent("workspace", ctx.workspaceId, euros(85));
  await sendAlerts(job);
  await setWorkspaceLimit(ctx, { limit: euros(160) });
  expect(await sendAlerts(job)).toBe(0);
  await spent("workspace", ctx.workspaceId, euros(160));
  expect(await sendAlerts(job)).toBe(1);
  expect((await letters()).map(({ kind }) => kind).toSorted()).toEqual(["limits.alert", "limits.reached"]);
});

test("T-4.2.2.2-LIM3: two workers at the same moment send one letter", async () => {
  await setWorkspaceLimit(ctx, { limit: euros(100) });
  await spent("workspace", ctx.workspaceId, euros(90));
  const sent = await Promise.all([sendAlerts(job), sendAlerts(job), sendAlerts(job)]);
  expect(sent.toSorted()).toEqual([0, 0, 1]);
  expect(await letters()).toHaveLength(1);
});

test("T-4.2.2.2-LIM3: what is written when it cannot be posted is written later, not lost", async () => {
  await setWorkspaceLimit(ctx, { limit: euros(100) });
  await spent("workspace", ctx.workspaceId, euros(90));
  await sql`alter table letters add constraint no_letters check (kind <> 'limits.alert') not valid`;
  const logged = catchErrorLog();
  expect(await sendAlerts(job)).toBe(0);
  expect(logged.lines).toEqual([expect.stringContaining("no_letters")]);
  logged.restore();
  await sql`alter table letters drop constraint no_letters`;
  expect(await sendAlerts(job)).toBe(1);
});

test("T-4.2.2.2-LIM3: admins and billing managers hear of everything, workspace admins of their workspace, owners of their key", async () => {
  const founder = ctx.actor.kind === "user" ? ctx.actor.email : "";
  const billing = await addMember(["billing_manager"]);
  const admin = await addMember(["member"], ["workspace_admin"]);
  await addMember(["member"], ["dev"]);
  const owner = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  const { id } = await createKey(owner, {
    name: "k",
    scopes: ["models:read"],
    models: null,
    addresses: null,
    expiresInDays: null,
  });
  await setOrganizationLimit(ctx, { limit: euros(10) });
  await setWorkspaceLimit(ctx, { limit: euros(10) });
  await setKeyLimit(ctx, { id, period: "lifetime", limit: euros(10) });
  const told = async (scope: string, scopeId: string) => {
    await sql`delete from letters`;
    await spent(scope, scopeId, euros(10));
    expect(await sendAlerts(job)).toBe(1);
    return (await letters()).map(({ recipient }) => recipient).toSorted();
  };
  const everywhere = [founder, billing];
  expect(await told("organization", ctx.organizationId)).toEqual(everywhere.toSorted());
  expect(await told("workspace", ctx.workspaceId)).toEqual([...everywhere, admin].toSorted());
  const ownerEmail = owner.actor.kind === "user" ? owner.actor.email : "";
  expect(await told("key", id)).toEqual([...everywhere, admin, ownerEmail].toSorted());
  // A step of a lifetime is said once, whatever month it is.
  expect(await sendAlerts({ ...job, now: new Date("2027-01-05T00:00:00Z") })).toBe(0);
});
