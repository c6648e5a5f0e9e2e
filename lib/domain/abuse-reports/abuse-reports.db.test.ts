import { expect, test } from "vitest";
import { type Id, newId } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { anonymousPermissions } from "#lib/core/access/roles.ts";
import { addDays, now } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants } from "#lib/core/context.ts";
import { waitingAtDesks } from "#lib/domain/customers/waiting/queries.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { decideReport, endReports, reportAbuse } from "./commands.ts";
import { decideReportInput, reportInput } from "./input.ts";
import { deskReports } from "./queries.ts";

const { db, sql } = await testDatabase();

function visitorAt(address: string): AccountContext {
  const actor = {
    kind: "anonymous",
    id: "anonymous",
    name: "Visitor",
    permissions: new Set(anonymousPermissions),
  } as const;
  return acrossTenants({ db: tenantDb({}), now: now(), actor, origin: { address, agent: "vitest" } });
}

const told = { kind: "fraud", words: "It pretends to be a <b>bank</b>.", place: "https://example.com/bot" };

test("T-4.1-USE: a report of anyone waits at the desk as plain text until one person says what came of it", async () => {
  await reportAbuse(visitorAt("10.8.0.1"), reportInput.parse({ ...told, contact: "" }));
  const desk = staffAt("trust", now());
  const { open } = await deskReports(desk);
  expect(open).toMatchObject([{ ...told, contact: null, outcome: null }]);
  expect(await waitingAtDesks(desk)).toMatchObject([{ href: "/staff/reports", count: 1 }]);
  expect(await waitingAtDesks(desk, newId("organization", now()))).toEqual([]);
  const decision = decideReportInput.parse({ id: open[0]?.id, outcome: "acted", note: "Suspended its owner." });
  await expect(decideReport(staffAt("support", now()), decision)).rejects.toMatchObject({ problem: "forbidden" });
  await decideReport(desk, decision);
  await expect(decideReport(desk, decision)).rejects.toMatchObject({ problem: "conflict" });
  const { open: left, decided } = await deskReports(desk);
  expect(left).toEqual([]);
  expect(decided).toMatchObject([{ outcome: "acted", decidedName: desk.actor.name }]);
  const audit = await sql`select object_id, clause from audit_events where action = 'abuse.decide-report'`;
  expect(audit).toEqual([{ object_id: open[0]?.id, clause: "T-4.1-USE" }]);
});

test("only staff see a report, whatever a query forgets, and no one else changes one", async () => {
  await reportAbuse(visitorAt("10.8.0.2"), reportInput.parse(told));
  const customer = await testWorkspace(db);
  for (const seen of [customer.db, visitorAt("10.8.0.2").db]) {
    expect(await seen.execute("select id from abuse_reports")).toHaveLength(0);
    expect(await seen.execute("update abuse_reports set place = 'elsewhere' returning id")).toHaveLength(0);
    expect(await seen.execute("delete from abuse_reports returning id")).toHaveLength(0);
  }
  await expect(deskReports(customer)).rejects.toMatchObject({ problem: "forbidden" });
});

test("five reports an hour come from one address, and none is longer than 5,000 characters", async () => {
  for (let i = 0; i < 5; i++) await reportAbuse(visitorAt("10.8.0.3"), reportInput.parse(told));
  await expect(reportAbuse(visitorAt("10.8.0.3"), reportInput.parse(told))).rejects.toMatchObject({
    problem: "rate_limited",
  });
  await reportAbuse(visitorAt("10.8.0.4"), reportInput.parse(told));
  const long = { ...told, words: "x".repeat(5001) };
  expect(reportInput.safeParse(long).success).toBe(false);
  expect(reportInput.safeParse({ ...told, contact: "no address" }).success).toBe(false);
  const row = sql`insert into abuse_reports (id, kind, words, place, created_at)
    values (${"abp_x" as Id<"abuseReport">}, 'spam', ${long.words}, 'here', now())`;
  await expect(row).rejects.toThrow("abuse_reports_size");
});

test("a report is kept for a year after what came of it was written down, and until then as long as it waits", async () => {
  const report = reportInput.parse({ ...told, contact: "ada@example.com" });
  await reportAbuse(visitorAt("10.8.0.77"), report);
  const left = () => sql`select from abuse_reports where contact = 'ada@example.com'`;
  const after = (days: number) => ({ ...systemContext("test"), now: addDays(now(), days) });
  await endReports(after(3650));
  expect(await left()).toHaveLength(1);
  const desk = staffAt("trust", now());
  const [open] = (await deskReports(desk)).open.filter(({ contact }) => contact === "ada@example.com");
  await decideReport(desk, decideReportInput.parse({ id: open?.id, outcome: "acted", note: "Suspended its owner." }));
  await endReports(after(364));
  expect(await left()).toHaveLength(1);
  await endReports(after(366));
  expect(await left()).toHaveLength(0);
});
