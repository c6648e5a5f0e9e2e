import { afterEach, beforeEach, expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { permissionsOf } from "#lib/core/access/roles.ts";
import { type StaffRole, staffPermissions } from "#lib/core/access/staff-roles.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { acrossTenants } from "#lib/core/context.ts";
import { agentOf } from "#lib/domain/agents/queries.ts";
import { deleteAgent } from "#lib/domain/agents/receipts/commands.ts";
import { setSharing } from "#lib/domain/agents/sharing/commands.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { testAgent } from "#lib/testing/agents.ts";
import { wrongDeadlines } from "#lib/testing/deadlines.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { reportAgent } from "./commands.ts";
import { dismissReport, renameReported } from "./desk/commands.ts";
import { decidedReports, openReports } from "./desk/queries.ts";
import { renameReportedInput } from "./input.ts";

const { db, sql } = await testDatabase();

// Whatever is done to it, a clock runs for what is open, to its date, and for nothing else (contract 32).
afterEach(async () => expect(await wrongDeadlines(db)).toEqual([]));

let owner: Context;
let reader: Context;
let agent: Id<"agent">;

beforeEach(async () => {
  const admin = await testWorkspace(db);
  owner = await testWorkspace(db, { within: admin, roles: ["user"] });
  reader = await testWorkspace(db, { within: admin, roles: ["user"] });
  agent = await testAgent(db, owner, { name: "Acme Bank", visibility: "workspace" });
});

function staff(role: StaffRole = "trust"): AccountContext {
  const somebody = { id: owner.actor.id as Id<"user">, name: "Staff", email: "staff@example.com" };
  const permissions = permissionsOf(staffPermissions, [role]);
  const actor = { kind: "staff" as const, ...somebody, sessionId: newId("session", owner.now), permissions };
  return acrossTenants({ now: owner.now, origin: owner.origin, db: tenantDb({ isStaff: true }), actor });
}

const report = (ctx = reader) => reportAgent(ctx, { agent, reason: "rights", details: "The name is a bank's." });
const changed = { name: "Travel desk", handle: "travel-desk", answer: "The name belongs to a bank." };
const letters = async () =>
  sql`select recipient, kind, text, clause from letters where organization_id = ${owner.organizationId} order by id`;
const emailOf = async (ctx: Context) =>
  (await sql`select email from users where id = ${ctx.actor.id}`)[0]?.email as string;
const contact = async () =>
  (await sql`select registration_email from organizations where id = ${owner.organizationId}`)[0]
    ?.registration_email as string;

test("T-4.3-RESP2: a report reaches the desk once, and says nothing of what is in the agent", async () => {
  const id = await report();
  await expect(report()).rejects.toMatchObject({ problem: "conflict" });
  const [found] = (await openReports(staff())).filter((open) => open.id === id);
  expect(found).toMatchObject({ name: "Acme Bank", currentName: "Acme Bank", reason: "rights" });
  expect(Object.keys(found ?? {})).not.toContain("instructions");
  const audited = await sql`select clause from audit_events where object_id = ${agent} and action = 'agent.report'`;
  expect(audited).toMatchObject([{ clause: "T-4.3-RESP2" }]);
});

test("what a customer wrote is on the desk under a reason only, and the customer's log has the look", async () => {
  const id = await report();
  const seen = async () => (await openReports(staff())).find((open) => open.id === id);
  expect(await seen()).toMatchObject({ isHidden: true, details: "", name: "Acme Bank" });
  expect(JSON.stringify(await openReports(staff()))).not.toContain("a bank's");
  await openLook(staff(), { organizationId: owner.organizationId, reason: "abuse", words: "A name is reported." });
  expect(await seen()).toMatchObject({ isHidden: false, details: "The name is a bank's." });
  const looks = await sql`select action from audit_events where object_id = ${id} and action = 'staff.look'`;
  expect(looks).toHaveLength(1);
});

test("T-4.3-RESP2: no one reports what is not shared with them, and no one but staff for trust decides", async () => {
  await setSharing(owner, { agent, visibility: "restricted", grants: [] });
  await expect(report()).rejects.toMatchObject({ problem: "not_found" });
  for (const role of ["support", "billing", "legal"] as const) {
    await expect(openReports(staff(role))).rejects.toMatchObject({ problem: "forbidden" });
  }
  await expect(openReports(reader)).rejects.toMatchObject({ problem: "forbidden" });
});

test("T-4.3-RESP2: staff rename a reported agent; owner, registration contact and reporter are told, and the customer's log says so", async () => {
  const id = await report();
  const { handle: old } = await agentOf(owner, agent);
  await renameReported(staff(), { report: id, ...changed });
  expect(await agentOf(reader, agent)).toMatchObject({ name: "Travel desk", handle: "travel-desk", version: 0 });
  const sent = await letters();
  const renamed = sent.filter(({ kind }) => kind === "agents.renamed");
  expect(renamed.map(({ recipient }) => recipient).toSorted()).toEqual(
    [await emailOf(owner), await contact()].toSorted(),
  );
  expect(renamed[0]?.text).toContain(`@${old} has stopped working; write @travel-desk instead.`);
  expect(sent.filter(({ kind }) => kind === "agents.report-answered")).toMatchObject([
    { recipient: await emailOf(reader), clause: "T-4.3-RESP2" },
  ]);
  const [row] = await sql`select actor_kind, before, after, clause, workspace_id from audit_events
    where organization_id = ${owner.organizationId} and action = 'agent.force-rename'`;
  expect(row).toMatchObject({
    actor_kind: "staff",
    workspace_id: owner.workspaceId,
    before: null,
    after: { report: id },
    clause: "T-4.3-RESP2",
  });
  await expect(dismissReport(staff(), { report: id, answer: "no" })).rejects.toMatchObject({ problem: "conflict" });
  expect((await decidedReports(staff())).find((one) => one.id === id)).toMatchObject({ decision: "renamed" });
});

test("T-4.3-RESP2: a name given by staff is held to the same rules, and a refused one decides nothing", async () => {
  const id = await report();
  const taken = await agentOf(owner, await testAgent(db, owner));
  const lookalike = taken.handle.replaceAll("0", "o").replaceAll("1", "l");
  for (const wrong of [
    { ...changed, handle: taken.handle },
    { ...changed, handle: lookalike },
    { ...changed, handle: "support" },
    { ...changed, name: "Admin" },
    { ...changed, name: "Acme Bank", handle: (await agentOf(owner, agent)).handle },
  ]) {
    await expect(renameReported(staff(), { report: id, ...wrong })).rejects.toMatchObject({ problem: "invalid" });
  }
  expect(renameReportedInput.safeParse({ report: id, ...changed, handle: "Not a handle" }).success).toBe(false);
  expect((await openReports(staff())).map((open) => open.id)).toContain(id);
});

test("T-4.3-RESP2: a dismissed report is answered, and one about an agent deleted meanwhile is closed as such", async () => {
  const [id, second] = [await report(), await report(owner)];
  await dismissReport(staff("admin"), { report: id, answer: "The name is common." });
  const [answered] = (await letters()).filter(({ kind }) => kind === "agents.report-answered");
  expect(answered?.text).toContain("The name is common.");
  expect((await agentOf(owner, agent)).name).toBe("Acme Bank");
  await deleteAgent(owner, { agent });
  await expect(renameReported(staff(), { report: second, ...changed })).rejects.toMatchObject({ problem: "conflict" });
  await dismissReport(staff(), { report: second, answer: "It is gone." });
  expect((await decidedReports(staff())).find((one) => one.id === second)).toMatchObject({ decision: "deleted" });
});
