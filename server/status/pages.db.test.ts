import http from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addMinutes, now } from "#lib/core/clock.ts";
import { openIncident, planMaintenance } from "#lib/domain/status/commands.ts";
import { statusSnapshot } from "#lib/domain/status/queries.ts";
import { systemContext } from "#server/system-context.ts";
import { answerStatus } from "./pages.tsx";

const { sql } = await testDatabase();
const api = { id: "api", name: "API" };
const at = (when: Date) => systemContext("status", { at: when });

beforeEach(async () => {
  await sql`truncate status_samples, status_beats, incident_updates, incidents, maintenances cascade`;
  for (const minutes of [3, 2, 1]) {
    const minute = addMinutes(now(), -minutes);
    await sql`insert into status_beats (at) values (${minute})`;
    await sql`insert into status_samples (component, at, state, ms) values ('api', ${minute}, 'up', 1)`;
  }
});

/** Asks what the front would answer, with what is known. */
async function asked(
  address: string,
  snapshot: Awaited<ReturnType<typeof statusSnapshot>> | undefined,
  init: RequestInit = {},
) {
  const server = http.createServer((request, response) =>
    answerStatus(request.url ?? "", request, response, {
      snapshot,
      place: { base: "/status", url: "https://models.example/status" },
    }),
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
    startedAt: null,
  });
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
  await openIncident(at(now()), {
    title: "Slow answers",
    impact: "minor",
    words: "We look.",
    components: ["api"],
    startedAt: null,
  });
  const planned = {
    title: "New disks",
    words: "Briefly.",
    components: ["api"],
    startsAt: addMinutes(now(), 60),
    endsAt: addMinutes(now(), 90),
  };
  await planMaintenance(at(now()), planned);
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
