import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addMinutes, dayMs, now } from "#lib/core/clock.ts";
import {
  cancelMaintenance,
  openIncident,
  planMaintenance,
  rollDays,
  updateIncident,
  watchIncidents,
} from "#lib/domain/status/commands.ts";
import { statusSnapshot } from "#lib/domain/status/queries.ts";
import { type SampleState, total, uptimeOf } from "#lib/domain/status/rules.ts";
import { systemContext } from "#server/system-context.ts";
import { Journal } from "./journal.ts";
import { answerStatus } from "./pages.tsx";
import { lookAtAll, type Probe } from "./probes.ts";
import { SnapshotFile } from "./snapshot.ts";
import { StatusWatch } from "./watch.ts";

const { sql } = await testDatabase();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "status-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const api = { id: "api", name: "API" };
const at = (when: Date) => systemContext("status", { at: when });
let isAway = false;
let state: SampleState = "up";

beforeEach(async () => {
  isAway = false;
  state = "up";
  await sql`truncate status_samples, status_beats, status_days, incident_updates, incidents, maintenances cascade`;
  fs.rmSync(folder, { recursive: true });
});

const probe: Probe = { ...api, look: async () => state };
const watched = () =>
  new StatusWatch({
    probes: [probe],
    journal: new Journal(folder),
    file: new SnapshotFile(folder),
    context: () => systemContext("status"),
    isDatabaseAway: () => isAway,
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
  const counting: Probe = { ...api, look: async () => (looks.push("look"), "up" as const) };
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

/** Asks what the front would answer, with what is known. */
async function asked(
  address: string,
  snapshot: Awaited<ReturnType<typeof statusSnapshot>> | undefined,
  init: RequestInit = {},
) {
  const server = http.createServer((request, response) =>
    answerStatus(request.url ?? "", request, response, { snapshot, url: "https://models.example/status" }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${address}`, init);
  const text = await response.text();
  server.close();
  return { status: response.status, headers: response.headers, text };
}

test("contract 37: the page has no script, names its style by hash, and says when it was made", async () => {
  await openIncident(at(now()), {
    title: "<script>alert(1)</script>",
    impact: "major",
    words: "a & b",
    components: ["api"],
  });
  await seen("uuuuu");
  const snapshot = await statusSnapshot(at(now()), [api]);
  const { status, headers, text } = await asked("/status", snapshot);
  expect(status).toBe(200);
  expect(text).not.toContain("<script");
  expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(text).toContain(snapshot.asOf.slice(0, 10));
  expect(headers.get("content-security-policy")).toMatch(/default-src 'none'; style-src 'sha256-/);
  const again = await asked("/status", snapshot, { headers: { "if-none-match": headers.get("etag") ?? "" } });
  expect(again.status).toBe(304);
  expect((await asked("/status/nothing", snapshot)).status).toBe(404);
  expect((await asked("/status", snapshot, { method: "POST" })).status).toBe(405);
  expect((await asked("/status", undefined)).status).toBe(503);
  for (const feed of ["/status/history.atom", "/status/history.rss"])
    expect((await asked(feed, snapshot)).text).toContain("&lt;script&gt;");
});

test("contract 38: the JSON has every field of the field's common shape, with the types its clients read", async () => {
  await openIncident(at(now()), { title: "Slow answers", impact: "minor", words: "We look.", components: ["api"] });
  const planned = {
    title: "New disks",
    words: "Briefly.",
    components: ["api"],
    startsAt: addMinutes(now(), 60),
    endsAt: addMinutes(now(), 90),
  };
  await planMaintenance(at(now()), planned);
  await seen("uuuuu");
  const snapshot = await statusSnapshot(at(now()), [api]);
  const read = async (name: string) => {
    const { headers, text } = await asked(`/status/api/v2/${name}.json`, snapshot);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    return JSON.parse(text);
  };
  const page = {
    id: expect.any(String),
    name: expect.any(String),
    url: "https://models.example/status",
    time_zone: "Etc/UTC",
    updated_at: expect.any(String),
  };
  const component = {
    id: "api",
    name: "API",
    status: "operational",
    created_at: expect.any(String),
    updated_at: expect.any(String),
    position: 1,
    description: null,
    showcase: true,
    start_date: null,
    group_id: null,
    page_id: page.id,
    group: false,
    only_show_if_degraded: false,
  };
  const update = {
    id: expect.any(String),
    status: expect.any(String),
    body: expect.any(String),
    incident_id: expect.any(String),
    created_at: expect.any(String),
    updated_at: expect.any(String),
    display_at: expect.any(String),
    affected_components: null,
    deliver_notifications: true,
    custom_tweet: null,
    tweet_id: null,
  };
  const incident = {
    id: expect.any(String),
    name: "Slow answers",
    status: "investigating",
    created_at: expect.any(String),
    updated_at: expect.any(String),
    monitoring_at: null,
    resolved_at: null,
    impact: "minor",
    shortlink: null,
    started_at: expect.any(String),
    page_id: page.id,
    incident_updates: [update],
    components: [component],
  };
  const maintenance = {
    ...incident,
    name: "New disks",
    status: "scheduled",
    impact: "maintenance",
    scheduled_for: planned.startsAt.toISOString(),
    scheduled_until: planned.endsAt.toISOString(),
  };
  const status = { indicator: "minor", description: expect.any(String) };
  expect(await read("summary")).toEqual({
    page,
    status,
    components: [component],
    incidents: [incident],
    scheduled_maintenances: [maintenance],
  });
  expect(await read("status")).toEqual({ page, status });
  expect(await read("components")).toEqual({ page, components: [component] });
  for (const name of ["incidents", "incidents/unresolved"])
    expect(await read(name)).toEqual({ page, incidents: [incident] });
  for (const name of ["scheduled-maintenances", "scheduled-maintenances/upcoming"])
    expect(await read(name)).toEqual({ page, scheduled_maintenances: [maintenance] });
  expect(await read("scheduled-maintenances/active")).toEqual({ page, scheduled_maintenances: [] });
});
