import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { sql as drizzleSql } from "drizzle-orm";
import { afterAll, beforeEach, expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { addMinutes, dayMs, now } from "#lib/core/clock.ts";
import {
  cancelMaintenance,
  openIncident,
  planMaintenance,
  updateIncident,
  watchIncidents,
} from "#lib/domain/status/commands.ts";
import { rollDays } from "#lib/domain/status/looks/commands.ts";
import { statusDesk, statusSnapshot } from "#lib/domain/status/queries.ts";
import { type SampleState, total, uptimeOf } from "#lib/domain/status/rules.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { sweepNoticesJob } from "#server/notices/jobs.ts";
import { systemContext } from "#server/system-context.ts";
import { Journal } from "./journal.ts";
import { lookAtAll, onceItAnswered, type Probe } from "./probes.ts";
import { SnapshotFile } from "./snapshot.ts";
import { StatusWatch } from "./watch.ts";

const { db, sql } = await testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "status-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const api = { id: "api", name: "API" };
const at = (when: Date) => systemContext("status", { at: when });
let isAway = false;
let state: SampleState = "up";

beforeEach(async () => {
  isAway = false;
  state = "up";
  await sql`truncate status_samples, status_beats, status_days, incident_updates, incidents, maintenances, notice_runs cascade`;
  fs.rmSync(folder, { recursive: true, force: true });
});

const probe: Probe = { ...api, look: async () => state };
const watched = () =>
  new StatusWatch({
    probes: [probe],
    journal: new Journal(folder),
    file: new SnapshotFile(folder),
    context: () => systemContext("status"),
    isDatabaseAway: () => isAway,
    waitMs: 1,
  });

/** Looks of the minutes before now, a letter each: up, degraded, down, or none. */
async function seen(signs: string, until = now()): Promise<void> {
  const states: Record<string, SampleState> = { u: "up", g: "degraded", d: "down" };
  for (const [index, sign] of [...signs].entries()) {
    const minute = addMinutes(until, index - signs.length);
    await sql`insert into status_beats (at) values (${minute}) on conflict do nothing`;
    const found = states[sign];
    if (found) await sql`insert into status_samples (component, at, state, ms) values ('api', ${minute}, ${found}, 1)`;
  }
}

const incidents = () =>
  sql`select title, created_by, resolved_at is not null as over from incidents order by started_at`;

test("contract 37, T-4.4-SLO1: without its database a front still says what it last knew, and what it finds itself", async () => {
  const watch = watched();
  await watch.minute();
  expect(watch.snapshot?.components).toMatchObject([{ id: "api", state: "up" }]);
  isAway = true;
  // A front that is started anew has nothing but the file.
  const again = watched();
  expect(again.snapshot?.components).toMatchObject([{ id: "api", state: "up" }]);
  state = "down";
  await again.minute();
  expect(again.snapshot?.components).toMatchObject([{ id: "api", state: "down" }]);
  expect(await sql`select from status_samples`).toHaveLength(1);
  expect(again.snapshot?.incidents).toEqual([]);
  isAway = false;
  await again.minute();
  // What was found meanwhile is in the history now, and nothing waits any more.
  expect(fs.readdirSync(folder).filter((name) => name.startsWith("looks-"))).toEqual([]);
  expect((await sql`select from status_samples`).length).toBeGreaterThanOrEqual(1);
});

test("contract 37: what a process that is gone had found comes into the history, half a line of it is left out", async () => {
  fs.mkdirSync(folder, { recursive: true });
  const minute = addMinutes(now(), -30).getTime();
  const line = JSON.stringify({ at: minute, found: [{ component: "api", state: "down", ms: 9 }] });
  fs.writeFileSync(path.join(folder, "looks-999999999.jsonl"), `${line}\n{"at":1,"fou`);
  await watched().minute();
  const [kept] = await sql`select state from status_samples where at < now() - interval '20 minutes'`;
  expect(kept?.state).toBe("down");
});

test("one of several fronts looks in a minute", async () => {
  const looks: string[] = [];
  const counting: Probe = { ...api, look: () => Promise.resolve(looks.push("look") > 0 ? "up" : "down") };
  const fronts = [1, 2, 3].map((front) => {
    const own = path.join(folder, String(front));
    return new StatusWatch({
      probes: [counting],
      journal: new Journal(own),
      file: new SnapshotFile(own),
      context: () => systemContext("status", { at: new Date("2026-11-30T10:00:30Z") }),
      isDatabaseAway: () => false,
    });
  });
  await Promise.all(fronts.map((front) => front.minute()));
  expect(looks).toHaveLength(1);
});

test("T-4.4-SLO1: an incident opens by itself after three minutes, once, and ends by itself", async () => {
  await seen("uuuuudd");
  await watchIncidents(at(now()), [api]);
  expect(await incidents()).toHaveLength(0);
  await sql`truncate status_samples, status_beats`;
  await seen("uuudddd");
  await Promise.all([watchIncidents(at(now()), [api]), watchIncidents(at(now()), [api])]);
  expect([...(await incidents())]).toEqual([{ title: "API does not answer", created_by: null, over: false }]);
  await sql`truncate status_samples, status_beats`;
  await seen("ddddduu");
  await watchIncidents(at(now()), [api]);
  expect([...(await incidents())]).toMatchObject([{ over: true }]);
});

test("an incident staff have written to is left to them", async () => {
  await seen("uuudddd");
  await watchIncidents(at(now()), [api]);
  const [open] = await sql`select id from incidents`;
  await updateIncident(at(now()), { id: open?.id, state: "identified", words: "A cable was cut." });
  await sql`truncate status_samples, status_beats`;
  await seen("ddddduu");
  await watchIncidents(at(now()), [api]);
  expect([...(await incidents())]).toMatchObject([{ over: false }]);
  await updateIncident(at(now()), { id: open?.id, state: "resolved", words: "It is mended." });
  expect([...(await incidents())]).toMatchObject([{ over: true }]);
});

test("contract 36, T-4.4-SLO3: work told of before it begins is excluded from the day, other downtime is not", async () => {
  const yesterday = new Date(Math.floor(now().getTime() / dayMs) * dayMs - dayMs);
  const noon = addMinutes(yesterday, 720);
  await seen("u".repeat(710) + "d".repeat(20) + "u".repeat(710), new Date(yesterday.getTime() + dayMs));
  const planned = {
    title: "New disks",
    words: "Half an hour without answers.",
    components: ["api"],
    startsAt: addMinutes(noon, -10),
    endsAt: noon,
  };
  const id = await planMaintenance(at(addMinutes(noon, -600)), planned);
  const downtime = async () => {
    await rollDays(at(now()));
    const [day] =
      await sql`select down_ms::int as down, excluded_ms::int as excluded, unknown_ms::int as unknown from status_days`;
    return day;
  };
  expect(await downtime()).toEqual({ down: 1_200_000, excluded: 0, unknown: 0 });
  await sql`update maintenances set told_at = ${addMinutes(noon, -60)}`;
  expect(await downtime()).toEqual({ down: 600_000, excluded: 600_000, unknown: 0 });
  await sql`update maintenances set told_at = starts_at`;
  expect(await downtime()).toEqual({ down: 1_200_000, excluded: 0, unknown: 0 });
  await sql`update maintenances set told_at = ${addMinutes(noon, -60)}`;
  await cancelMaintenance(at(addMinutes(noon, -60)), { id });
  expect(await downtime()).toEqual({ down: 1_200_000, excluded: 0, unknown: 0 });
  const snapshot = await statusSnapshot(at(now()), [api]);
  const [shown] = snapshot.components;
  expect(shown?.days).toHaveLength(90);
  expect(uptimeOf(total(shown?.days ?? []))).toBeLessThan(1);
});

test("contract 36, T-4.4-SLO3: every customer has a letter of planned work, and the work counts as told from the last of them", async () => {
  const ctx = await testWorkspace(db);
  await sql`update organizations set first_use_at = '2026-01-01' where id = ${ctx.organizationId}`;
  const planned = { title: "New disks", words: "Briefly.", components: ["api"] };
  const period = { startsAt: addMinutes(now(), 60), endsAt: addMinutes(now(), 90) };
  const id = await planMaintenance(at(now()), { ...planned, ...period });
  const told = async () => (await sql`select told_at from maintenances where id = ${id}`)[0]?.told_at as Date | null;
  expect(await told()).toBeNull();
  await sweepNoticesJob.perform({});
  const letters = () =>
    sql`select kind from letters where organization_id = ${ctx.organizationId} order by created_at, id`;
  expect([...(await letters())]).toEqual([{ kind: "maintenance.scheduled" }]);
  const [notice] = await sql`select noticed_at from legal_notices where organization_id = ${ctx.organizationId}`;
  expect(await told()).toEqual(notice?.noticed_at);
  await cancelMaintenance(at(now()), { id });
  await sweepNoticesJob.perform({});
  expect([...(await letters())].at(-1)).toEqual({ kind: "maintenance.cancelled" });
});

test("staff write to the page at their desk, as the database lets staff, and no one else does", async () => {
  await seen("uuu");
  const desk = staffAt("support", now());
  const id = await openIncident(desk, {
    title: "Slow",
    impact: "minor",
    words: "We look.",
    components: ["api"],
    startedAt: null,
  });
  await updateIncident(desk, { id, state: "resolved", words: "It is over." });
  const period = { startsAt: addMinutes(now(), 60), endsAt: addMinutes(now(), 90) };
  const planned = await planMaintenance(desk, {
    title: "New disks",
    words: "Briefly.",
    components: ["api"],
    ...period,
  });
  await cancelMaintenance(desk, { id: planned });
  const { incidents, maintenances, components } = await statusDesk(desk);
  expect([incidents[0]?.updates.length, maintenances[0]?.cancelledAt === null, components]).toEqual([
    2,
    false,
    ["api"],
  ]);
  const { organizationId, actor } = await testWorkspace(db);
  const theirs = tenantDb({ organizationId, userId: actor.id as Id<"user"> });
  await expect(
    theirs.execute(drizzleSql`update incidents set title = 'Nothing happened' returning 1`),
  ).resolves.toHaveLength(0);
});

test("planned work begins in the future, an incident does not", async () => {
  const planned = {
    title: "Now",
    words: "At once.",
    components: ["api"],
    startsAt: now(),
    endsAt: addMinutes(now(), 5),
  };
  await expect(planMaintenance(at(addMinutes(now(), 1)), planned)).rejects.toThrow("Planned work begins in the future");
  const opened = {
    title: "Soon",
    impact: "minor" as const,
    words: "Soon.",
    components: ["api"],
    startedAt: addMinutes(now(), 9),
  };
  await expect(openIncident(at(now()), opened)).rejects.toThrow("cannot begin in the future");
});

test("a public address that this server cannot reach says nothing, and counts from its first answer on", async () => {
  let found: SampleState = "down";
  const look = onceItAnswered(async () => found, "https://models.example");
  expect(await look()).toBe("up");
  found = "up";
  expect(await look()).toBe("up");
  found = "down";
  expect(await look()).toBe("down");
});

test("a failure is looked at twice, and a probe that says nothing is one", async () => {
  let looks = 0;
  const once: Probe = { ...api, look: async () => (++looks === 1 ? "down" : "up") };
  const broken: Probe = { id: "files", name: "Files", look: () => Promise.reject(new Error("no disk")) };
  const found = await lookAtAll([once, broken], 1);
  expect(found).toMatchObject([
    { component: "api", state: "up" },
    { component: "files", state: "down" },
  ]);
});
