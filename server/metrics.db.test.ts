import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1, unlimited } from "./v1/testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);
const secret = await keyOf(await testWorkspace(db), unlimited);
const messages = [{ role: "user", content: "Hello" }];

/** The numbers of `/metrics` by their names and labels. */
async function figures(): Promise<Map<string, number>> {
  const response = await fetch(`http://127.0.0.1:${v1.port}/metrics`);
  expect([response.status, response.headers.get("content-type")]).toEqual([
    200,
    "text/plain; version=0.0.4; charset=utf-8",
  ]);
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ""), Number(line.split(" ").at(-1))]));
}

test("requests, tokens, refusals and upstream errors are counted, each by its labels", async () => {
  const chat = (body: object) => v1.send(secret, "POST", "/v1/chat/completions", { model: "small", messages, ...body });
  await (await chat({})).text();
  await (await chat({ stream: true })).text();
  await (await chat({ model: "none" })).text();
  v1.script.push({ status: 503 }, { status: 503 });
  await (await chat({})).text();
  await v1.send("cpt_wrong", "GET", "/v1/models");
  await v1.plane.meter.settled();

  const found = await figures();
  const took = (status: number) =>
    found.get(`comptoir_request_duration_seconds_count{method="POST",route="/v1/chat/completions",status="${status}"}`);
  expect([took(200), took(400), took(503)]).toEqual([2, 1, 1]);
  expect(found.get("comptoir_time_to_first_byte_seconds_count")).toBe(1);
  expect(found.get('comptoir_tokens_total{kind="input"}')).toBe(20);
  expect(found.get('comptoir_tokens_total{kind="output"}')).toBe(4);
  for (const reason of ["invalid_model", "unauthorized", "unavailable"])
    expect(found.get(`comptoir_refusals_total{reason="${reason}"}`)).toBe(1);
  expect(found.get('comptoir_upstream_errors_total{upstream="fake",reason="503"}')).toBe(1);
});

test("what waits, what is held, the queue, the database and the process itself can be seen", async () => {
  await sql`select graphile_worker.add_job('later', '{}'::json, run_at := now() + interval '1 day')`;
  const found = await figures();
  expect(found.get("comptoir_events_waiting")).toBe(0);
  expect(found.get("comptoir_held_euros")).toBeGreaterThanOrEqual(0);
  expect(found.get("comptoir_refusals_unlogged_total")).toBe(0);
  expect(found.get('comptoir_jobs{state="scheduled"}')).toBe(1);
  expect(found.get('comptoir_database_connections{state="active"}')).toBeGreaterThan(0);
  for (const name of [
    "process_resident_memory_bytes",
    "nodejs_heap_size_used_bytes",
    "nodejs_eventloop_lag_p99_seconds",
  ])
    expect(found.get(name)).toBeGreaterThan(0);
});
