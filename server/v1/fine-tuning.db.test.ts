import { afterAll, expect, test } from "vitest";
import { idOfUuid, uuidOf } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Scope } from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { pico } from "#lib/core/money.ts";
import { validateJob } from "#lib/domain/fine-tuning/validation/commands.ts";
import { setOrganizationLimit } from "#lib/domain/limits/commands.ts";
import { dataSet, houseOf } from "#lib/testing/tuning.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const capabilities = { completion_chat: true, fine_tuning: true };
const price = { input: 1, output: 3, training: 1, trainingMinimum: 0.1, storageMonth: 0.2 };
const v1 = await openV1(sql, undefined, { models: [{ id: "base", aliases: ["base-latest"], price, capabilities }] });
afterAll(v1.close);

const jobs = "/v1/fine_tuning/jobs";
const secretOf = (ctx: Context, scopes: Scope[] = ["fine-tuning:write", "files:write"]) => keyOf(ctx, { scopes });

async function world() {
  const ctx = await testWorkspace(db);
  return { ctx, secret: await secretOf(ctx), file: await dataSet(ctx) };
}

const asked = (file: Parameters<typeof uuidOf>[0], change: object = {}) => ({
  model: "base-latest",
  training_files: [{ file_id: uuidOf(file) }],
  hyperparameters: { training_steps: 10, learning_rate: 0.0001 },
  auto_start: false,
  ...change,
});

const validate = (ctx: Context, uuid: string) => {
  const id = idOfUuid("tuningJob", uuid);
  if (!id) throw new Error("The answer names a job.");
  return validateJob(houseOf(db, ctx), { organizationId: ctx.organizationId, id });
};

test("T-4.2.3-1: a job is asked for under an alias, checked, started, listed and cancelled by the published contract", async () => {
  const { ctx, secret, file } = await world();
  const made = await v1.ask(secret, "POST", jobs, asked(file, { suffix: "shop_1" }));
  expect(made).toMatchObject({
    status: 200,
    body: {
      object: "job",
      status: "QUEUED",
      model: "base-latest",
      suffix: "shop_1",
      metadata: null,
      auto_start: false,
    },
  });
  const { id } = made.body;
  await validate(ctx, id);
  const checked = await v1.ask(secret, "GET", `${jobs}/${id}`);
  expect(checked.body).toMatchObject({
    status: "VALIDATED",
    metadata: { cost: 0.1, cost_eur: "0.1", cost_currency: "EUR", training_steps: 10 },
  });
  expect(checked.body.events.map(({ data }: { data: object }) => data)).toEqual([
    { status: "VALIDATED" },
    { status: "VALIDATING" },
    { status: "QUEUED" },
  ]);
  expect((await v1.ask(secret, "POST", `${jobs}/${id}/start`)).body.status).toBe("STARTED");
  expect(await v1.ask(secret, "POST", `${jobs}/${id}/start`)).toMatchObject({
    status: 409,
    body: { type: "job_state" },
  });
  const listed = await v1.ask(
    secret,
    "GET",
    `${jobs}?page=0&page_size=100&suffix=shop_1&status=STARTED&created_by_me=true`,
  );
  expect(listed.body).toMatchObject({ object: "list", total: 1, data: [{ id }] });
  expect((await v1.ask(secret, "GET", `${jobs}?suffix=other`)).body.total).toBe(0);
  expect((await v1.ask(secret, "POST", `${jobs}/${id}/cancel`)).body.status).toBe("CANCELLED");
  expect((await v1.ask(secret, "POST", `${jobs}/${id}/cancel`)).status).toBe(200);
});

test("fine-tuning 26: of the same job asked for in parallel one is made, and the others name it", async () => {
  const { secret, file } = await world();
  const answers = await Promise.all(Array.from({ length: 6 }, () => v1.ask(secret, "POST", jobs, asked(file))));
  const made = answers.filter(({ status }) => status === 200);
  expect(made).toHaveLength(1);
  for (const { status, body } of answers.filter((one) => one !== made[0]))
    expect({ status, type: body.type, job: body.job }).toEqual({
      status: 409,
      type: "duplicate_job",
      job: made[0]?.body.id,
    });
  // Once it has ended, the same may be asked for again.
  await v1.ask(secret, "POST", `${jobs}/${made[0]?.body.id}/cancel`);
  expect((await v1.ask(secret, "POST", jobs, asked(file))).status).toBe(200);
});

test("a dry run says what a job costs and makes none", async () => {
  const { ctx, secret, file } = await world();
  const dry = await v1.ask(secret, "POST", `${jobs}?dry_run=true`, asked(file));
  expect(dry).toMatchObject({
    status: 200,
    body: { object: "job.metadata", deprecated: true, cost: 0.1, cost_currency: "EUR", training_steps: 10 },
  });
  const [row] = await sql`select count(*)::int as jobs from tuning_jobs where organization_id = ${ctx.organizationId}`;
  expect(row).toEqual({ jobs: 0 });
});

test.each([
  [{ job_type: "classifier" }, ["body", "job_type"], "Model not available for this type of fine-tuning (completion)."],
  [{ model: "small" }, ["body", "model"], "Model not available for this type of fine-tuning (completion)."],
  [{ model: "nothing" }, ["body", "model"], "Model not available for this type of fine-tuning (completion)."],
  [
    { repositories: [{ type: "github" }] },
    ["body", "repositories"],
    "Model not available for this type of fine-tuning (completion).",
  ],
  [{ training_files: [] }, ["body", "training_files"], "No training file provided."],
  [{ suffix: "with space" }, ["body", "suffix"], "A suffix has 1 to 18 letters, digits, dashes and underscores."],
  [{ steps: 3 }, ["body", "steps"], "This field is not known here."],
  [{ hyperparameters: { learning_rate: 2 } }, ["body", "hyperparameters", "learning_rate"], undefined],
  [{ integrations: [{ project: "p", api_key: "short" }] }, ["body", "integrations", 0, "api_key"], undefined],
])("what is wrong with %j is a 422 that names the field", async (change, loc, msg) => {
  const { secret, file } = await world();
  const { status, body } = await v1.ask(secret, "POST", jobs, asked(file, change));
  expect(status).toBe(422);
  expect(body.detail[0]).toMatchObject({ loc, ...(msg && { msg }) });
});

test("the credential of an integration is in no answer, log or audit row, and sealed in the database", async () => {
  const { ctx, secret, file } = await world();
  const key = "0123456789abcdef0123456789abcdef01234567";
  const integrations = [{ type: "wandb", project: "p", name: "n", api_key: key, run_name: "r" }];
  const { status, body } = await v1.ask(secret, "POST", jobs, asked(file, { integrations }));
  expect(status).toBe(200);
  expect(body.integrations).toEqual([
    { type: "wandb", project: "p", name: "n", run_name: "r", connection: null, url: null },
  ]);
  const rows =
    await sql`select row_to_json(tuning_integrations)::text as text, encode(sealed_key, 'escape') as bytes from tuning_integrations
    where organization_id = ${ctx.organizationId}
    union all select row_to_json(audit_events)::text, '' from audit_events where organization_id = ${ctx.organizationId}`;
  expect(rows.length).toBeGreaterThan(1);
  for (const { text, bytes } of rows) expect(`${text}${bytes}`).not.toContain(key);
  expect((await v1.ask(secret, "GET", `${jobs}?wandb_project=p&wandb_name=n`)).body.total).toBe(1);
});

test("fine-tuning 14, T-4.2.3-CONF: another tenant finds no job and no file, and a key without the scope may do nothing", async () => {
  const [one, other] = [await world(), await world()];
  const { id } = (await v1.ask(one.secret, "POST", jobs, asked(one.file))).body;
  expect((await v1.ask(other.secret, "POST", jobs, asked(one.file))).status).toBe(404);
  for (const [method, path] of [
    ["GET", `${jobs}/${id}`],
    ["POST", `${jobs}/${id}/start`],
    ["POST", `${jobs}/${id}/cancel`],
  ] as const)
    expect((await v1.ask(other.secret, method, path)).status).toBe(404);
  expect((await v1.ask(other.secret, "GET", jobs)).body.total).toBe(0);
  const reading = await secretOf(one.ctx, ["fine-tuning:read"]);
  expect((await v1.ask(reading, "GET", `${jobs}/${id}`)).status).toBe(200);
  expect((await v1.ask(reading, "POST", `${jobs}/${id}/cancel`)).status).toBe(403);
  const none = await secretOf(one.ctx, ["models:read"]);
  expect((await v1.ask(none, "GET", `${jobs}/${id}`)).status).toBe(403);
});

test("fine-tuning 14, T-4.2.2.2-ZDR4: under zero retention no job is made", async () => {
  const { ctx, secret, file } = await world();
  await sql`update organizations set zero_retention_since = now() where id = ${ctx.organizationId}`;
  const { status, body } = await v1.ask(secret, "POST", jobs, asked(file));
  expect({ status, type: body.type }).toEqual({ status: 403, type: "zdr_incompatible" });
});

test("fine-tuning 28, T-4.2.2.2-LIM1: a request that only a job's hold keeps out is refused at once with 402, and passes after the job ends", async () => {
  const { ctx, secret, file } = await world();
  await setOrganizationLimit(ctx, { limit: pico(110_000n * 1_000_000n), alerts: [] });
  const { id } = (await v1.ask(secret, "POST", jobs, asked(file))).body;
  await validate(ctx, id);
  expect((await v1.ask(secret, "POST", `${jobs}/${id}/start`)).status).toBe(200);
  const chat = await keyOf(ctx, { scopes: ["completions:create"] });
  // Ten thousand tokens at three euros a million: more than the cent that the job leaves.
  const request = { model: "base", messages: [{ role: "user", content: "Hi" }], max_tokens: 10_000 };
  const refused = await v1.ask(chat, "POST", "/v1/chat/completions", request);
  expect(refused).toMatchObject({
    status: 402,
    body: { type: "spend_limit_reached", scope: "organization", held_by_jobs: { held: "0.1", jobs: [{ id }] } },
  });
  await v1.ask(secret, "POST", `${jobs}/${id}/cancel`);
  await expect
    .poll(async () => (await v1.ask(chat, "POST", "/v1/chat/completions", request)).status, { timeout: 5000 })
    .toBe(200);
});
