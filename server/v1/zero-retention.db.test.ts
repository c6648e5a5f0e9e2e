import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

const path = "/v1/chat/completions";
const chat = { model: "small", messages: [{ role: "user", content: "Hello" }] };
const canary = "canary-9b1c";

test("the log knows the model of a refused request also in a process that has not looked at its models yet", async () => {
  const place = await testWorkspace(db);
  await (await v1.send(await keyOf(place), "POST", path, { ...chat, messages: "none" })).arrayBuffer();
  await expect.poll(async () => (await v1.counted(place.organizationId)).length).toBe(1);
  const [row] = await sql`select requested_model from usage_events where organization_id = ${place.organizationId}`;
  expect(row?.requested_model).toBe("small");
});

/** An organization under zero retention, or not, and what its log says of requests with a canary in each side field. */
async function asked(isQuiet: boolean) {
  const place = await testWorkspace(db);
  // Only what is kept at all may train, and that is the free plan's alone.
  if (!isQuiet) await sql`update organizations set plan = 'free' where id = ${place.organizationId}`;
  if (isQuiet) await sql`update organizations set zero_retention_since = now() where id = ${place.organizationId}`;
  const secret = await keyOf(place);
  const agent = { "user-agent": `${canary}/1.0` };
  const answers = [
    await v1.send(secret, "POST", path, { ...chat, user: canary }, agent),
    await v1.send(
      secret,
      "POST",
      path,
      { ...chat, stream: true, user: canary },
      { "user-agent": `curl/8.5.0 ${canary}` },
    ),
    await v1.send(secret, "POST", path, { ...chat, model: canary, user: canary }, agent),
    await v1.send(secret, "POST", path, { ...chat, messages: canary, model: canary, user: canary }, agent),
  ];
  for (const answer of answers) await answer.arrayBuffer();
  await expect.poll(async () => (await v1.counted(place.organizationId)).length).toBe(answers.length);
  const rows =
    await sql`select requested_model, end_user, agent, clause, training_eligible, to_jsonb(event)::text as whole
    from usage_events as event where organization_id = ${place.organizationId} order by id`;
  const [sums] = await sql`select count(*)::int as named from usage_sums
    where organization_id = ${place.organizationId} and value like ${`%${canary}%`}`;
  return { answers, rows, named: sums?.named as number };
}

test("T-4.2.2.2-ZDR4: under zero retention no side field is a place for content: end user, model, program", async () => {
  const { answers, rows, named } = await asked(true);
  expect(rows.map(({ whole }) => String(whole).includes(canary))).toEqual([false, false, false, false]);
  expect(named).toBe(0);
  // The free plan's prompts may train, but what is not kept cannot.
  expect(rows.map(({ training_eligible }) => training_eligible)).toEqual([false, false, false, false]);
  expect(
    rows.map(({ requested_model, end_user, agent, clause }) => [requested_model, end_user, agent, clause]),
  ).toEqual([
    ["small", null, "other", "T-4.2.2.2-ZDR4"],
    ["small", null, "curl/8.5.0", "T-4.2.2.2-ZDR4"],
    ["unknown", null, "other", "T-4.2.2.2-ZDR4"],
    ["unknown", null, "other", "T-4.2.2.2-ZDR4"],
  ]);
  expect(answers.map(({ headers }) => headers.get("x-content-retention"))).toEqual(["none", "none", "none", "none"]);
});

test("T-4.2.2.2-ZDR4: without it they are in the log, all but what no model is called, and the answer says how long", async () => {
  const { answers, rows, named } = await asked(false);
  expect(rows.map(({ requested_model, end_user, agent }) => [requested_model, end_user, agent])).toEqual([
    ["small", canary, `${canary}/1.0`],
    ["small", canary, `curl/8.5.0 ${canary}`],
    ["unknown", canary, `${canary}/1.0`],
    ["unknown", canary, `${canary}/1.0`],
  ]);
  expect(named).toBeGreaterThan(0);
  expect(answers.map(({ headers }) => headers.get("x-content-retention"))).toEqual(["30d", "30d", "30d", "30d"]);
  for (const { headers } of answers) expect(headers.get("cache-control")).toMatch(/^no-store/);
});

test("T-4.2.2.2-ZDR4: a request that is under way when zero retention begins leaves no side field behind either", async () => {
  const place = await testWorkspace(db);
  const secret = await keyOf(place);
  const agent = { "user-agent": `${canary}/1.0` };
  v1.script.push({ text: ["Late."], delayMs: 1500 });
  const late = v1.send(secret, "POST", path, { ...chat, user: canary }, agent);
  await expect.poll(() => v1.plane.calls.age()).toBeGreaterThan(0);
  await sql`update organizations set zero_retention_since = now() where id = ${place.organizationId}`;
  const retention = async () => (await v1.ask(secret, "GET", "/v1/models")).headers.get("x-content-retention");
  await expect.poll(retention).toBe("none");
  await (await late).arrayBuffer();
  await expect
    .poll(async () => (await v1.counted(place.organizationId)).some(({ endpoint }) => endpoint === "chat"))
    .toBe(true);
  const rows = await sql`select end_user, agent, clause from usage_events
    where organization_id = ${place.organizationId} and endpoint = 'chat'`;
  expect(rows).toMatchObject([{ end_user: null, agent: "other", clause: "T-4.2.2.2-ZDR4" }]);
});

test("whatever else changes in an organization, requests under way keep what is told beside them", async () => {
  const place = await testWorkspace(db);
  const secret = await keyOf(place);
  v1.script.push({ text: ["Late."], delayMs: 300 });
  const late = v1.send(secret, "POST", path, { ...chat, user: canary });
  await expect.poll(() => v1.plane.calls.age()).toBeGreaterThan(0);
  await sql`update organizations set customer_type = 'business' where id = ${place.organizationId}`;
  await (await late).arrayBuffer();
  await expect.poll(async () => (await v1.counted(place.organizationId)).length).toBe(1);
  const rows = await sql`select end_user from usage_events where organization_id = ${place.organizationId}`;
  expect(rows).toMatchObject([{ end_user: canary }]);
});
