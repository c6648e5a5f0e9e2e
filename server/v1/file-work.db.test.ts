import { afterAll, expect, test } from "vitest";
import { newId, uuidOf } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Scope } from "#lib/core/access/roles.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { sweepFiles } from "#lib/domain/files/commands.ts";
import { bodyOf } from "#lib/domain/retention/receipts/rules.ts";
import { jobOn } from "#lib/testing/file-jobs.ts";
import { filePart, type Part, sampleLine } from "#lib/testing/forms.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1 } from "./testing.ts";
import { filesAt } from "./testing-files.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

const { upload, rowsOf } = filesAt(v1.port, sql);
const place = () => testWorkspace(db);
const secretOf = (ctx: Context, scopes: Scope[] = ["files:write"]) => keyOf(ctx, { scopes });

const bot = '{"messages":[{"role":"user","content":"a"},{"role":"bot","content":"secret-7f31"}]}\n';
const talk = (n: number) => `{"messages":[{"role":"user","content":"${n}?"},{"role":"assistant","content":"${n}."}]}\n`;
const talks = (count: number) => Array.from({ length: count }, (_, n) => talk(n)).join("");

test("fine-tuning 7: a file of which too much is wrong is refused by line, without a word of it, and leaves nothing", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const { status, body } = await upload(secret, [filePart(`${sampleLine}${bot}${bot}`)]);
  expect(status).toBe(422);
  expect(body.message).toBe(
    "2 of 3 lines are wrong, which is more than half. Line 2: messages.1.role is bot; system, user, assistant and tool are known.",
  );
  expect(body.detail[0]).toMatchObject({ loc: ["body", "file", 2], ctx: { rule: "M1", path: "messages.1.role" } });
  expect(JSON.stringify(body)).not.toContain("secret-7f31");
  const many = await upload(secret, [filePart(bot.repeat(30))]);
  expect(many.body.detail).toHaveLength(20);
  const mixed = await upload(secret, [filePart(`${talks(9)}{"text":"a"}\n`)]);
  expect([mixed.status, mixed.body.message]).toEqual([
    422,
    "Line 10: is plain text, the lines before are conversations.",
  ]);
  const zip = await upload(secret, [filePart(Buffer.from([0x1f, 0x8b, 8, 0, 0]))]);
  expect([zip.status, zip.body.message]).toEqual([422, "The file is gzip-compressed."]);
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
});

test("fine-tuning 7: half wrong is taken and said; the report has each problem in the field's own sentence", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const sent = await fetch(`http://127.0.0.1:${v1.port}/v1/files`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}` },
    body: form("half.jsonl", `${sampleLine}${bot}`),
  });
  expect([sent.status, sent.headers.get("x-file-problems")]).toEqual([200, "1"]);
  const { id } = (await sent.json()) as { id: string };
  const report = await (await v1.send(secret, "GET", `/v1/files/${id}/report`)).text();
  const [problem, counts] = report
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(problem).toMatchObject({
    line: 2,
    rule: "M1",
    published:
      "The data in line 2 of dataset half.jsonl is incorrectly formatted. Line 2: messages.1.role is bot; system, user, assistant and tool are known.",
  });
  expect(counts).toMatchObject({ counts: { M1: 1 }, good_lines: 1, bad_lines: 1, statistics: { conversations: 1 } });
  expect(report).not.toContain("secret-7f31");
  // At rest the report says nothing of the file.
  const [row] =
    await sql`select encode(sealed_report, 'escape') as text from file_reports where organization_id = ${ctx.organizationId}`;
  expect(row?.text).not.toMatch(/messages|M1/);
});

function form(name: string, text: string): FormData {
  const made = new FormData();
  made.append("file", new Blob([text]), name);
  return made;
}

test("fine-tuning 7: a purpose that follows the file is looked for in it all the same", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const purpose: Part = { name: "purpose", value: "batch" };
  const request = '{"custom_id":"1","body":{"messages":[]}}\n';
  const taken = await upload(secret, [filePart(request), purpose]);
  expect([taken.status, taken.body.sample_type]).toEqual([200, "batch_request"]);
  expect((await upload(secret, [filePart(sampleLine), purpose])).status).toBe(422);
  expect((await upload(secret, [filePart(request, "b.jsonl")])).status).toBe(422);
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
});

test("fine-tuning 10: a file is mended into a new one; a dry run keeps nothing, and mending again gives the same file", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const { body } = await upload(secret, [filePart(`${talks(3)}${bot}`)]);
  const ask = (id: string, query = "") => v1.ask(secret, "POST", `/v1/files/${id}/reformat${query}`);
  const tried = await ask(body.id, "?dry_run=true");
  expect(tried.body).toMatchObject({ file: null, changed: 1, dropped: 0, counts: { M1: 1 } });
  expect(tried.body.changes).toMatchObject([{ line: 4, before: bot.trim(), rules: ["M1"] }]);
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
  const made = await ask(body.id);
  expect(made.body.file).toMatchObject({ filename: "set.mended.jsonl", num_lines: 4 });
  const content = await (await v1.send(secret, "GET", `/v1/files/${made.body.file.id}/content`)).text();
  expect(content).toBe(talks(3) + bot.replace('"bot"', '"assistant"'));
  const again = await ask(made.body.file.id);
  expect([again.body.changed, again.body.file.id]).toEqual([0, made.body.file.id]);
  expect(await rowsOf(ctx)).toEqual({ files: 2, blobs: 2, objects: 2 });
});

test("fine-tuning 11: a file is split in two that are disjoint and together have every line, the same each time", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const { body } = await upload(secret, [filePart(talks(400))]);
  const ask = () => v1.ask(secret, "POST", `/v1/files/${body.id}/split`, { share: 0.05, seed: 3 });
  const { training, validation } = (await ask()).body;
  const linesOf = async ({ id }: { id: string }) =>
    (await (await v1.send(secret, "GET", `/v1/files/${id}/content`)).text()).trimEnd().split("\n");
  const [kept, held] = [await linesOf(training), await linesOf(validation)];
  expect(held.length).toBeGreaterThan(3);
  expect(held.some((line) => kept.includes(line))).toBe(false);
  expect([...kept, ...held].toSorted()).toEqual(talks(400).trimEnd().split("\n").toSorted());
  expect([training.filename, validation.filename]).toEqual(["set.training.jsonl", "set.validation.jsonl"]);
  expect((await ask()).body).toEqual({ object: "file.split", training, validation });
  expect((await v1.ask(secret, "POST", `/v1/files/${body.id}/split`, { share: 0.5 })).status).toBe(422);
});

test("fine-tuning 13: a file that an active job names is neither deleted nor swept; the refusal names the job", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const { body } = await upload(secret, [filePart(sampleLine), { name: "expiry", value: "1" }]);
  const [file] = await sql`select id from files where organization_id = ${ctx.organizationId}`;
  const id = await jobOn(db, ctx, file?.id);
  const refused = await v1.ask(secret, "DELETE", `/v1/files/${body.id}`);
  expect([refused.status, refused.body.type, refused.body.jobs]).toEqual([409, "file_in_use", [uuidOf(id)]]);
  const operator = systemContext("test");
  await sweepFiles({ ...operator, now: addDays(operator.now, 2) });
  expect(await rowsOf(ctx)).toMatchObject({ files: 1 });
  await sql`update tuning_jobs set ended_at = now(), status = 'CANCELLED' where id = ${id}`;
  expect((await v1.ask(secret, "DELETE", `/v1/files/${body.id}`)).status).toBe(200);
  await sweepFiles(operator);
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
});

test("fine-tuning 13: deleting a file gives a signed receipt that names it, its content and its size", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const { body } = await upload(secret, [filePart(sampleLine)]);
  await v1.ask(secret, "DELETE", `/v1/files/${body.id}`);
  const [row] = await sql`select signed from deletion_receipts where organization_id = ${ctx.organizationId}`;
  expect(bodyOf({ signed: row?.signed })).toMatchObject({
    cause: "own",
    clause: "T-4.2.3-DATA",
    targets: [
      { kind: "file", id: body.id },
      { kind: "content", id: body.signature },
    ],
    removed: [{ class: "files", items: 1, bytes: sampleLine.length, recount: 0 }],
  });
});

test("fine-tuning 13: a file stays for 30 days after it was used last, unless another time was asked for", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const { body } = await upload(secret, [filePart(sampleLine)]);
  expect(body.expires_at - body.created_at).toBe(30 * 86_400);
  const asked = await upload(secret, [filePart(talk(1), "asked.jsonl"), { name: "expiry", value: "48" }]);
  await sql`update files set expires_at = expires_at - interval '20 hours' where organization_id = ${ctx.organizationId}`;
  await sql`update files set expires_at = expires_at - interval '20 days' where organization_id = ${ctx.organizationId} and not is_expiry_asked`;
  for (const { id } of [body, asked.body]) await (await v1.send(secret, "GET", `/v1/files/${id}/content`)).text();
  const after = async (id: string) => (await v1.ask(secret, "GET", `/v1/files/${id}`)).body.expires_at;
  expect((await after(body.id)) - body.created_at).toBeGreaterThanOrEqual(30 * 86_400);
  expect(await after(asked.body.id)).toBe(asked.body.expires_at - 20 * 3600);
});

test("fine-tuning 13: a plan's room is never passed, not by uploads at once; at 80 and 100 % the admins are written to", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  await sql`update organizations set plan = 'free' where id = ${ctx.organizationId}`;
  await sql`insert into blobs (organization_id, id, sha256, bytes, key, line_ends, created_at)
    values (${ctx.organizationId}, ${newId("blob", ctx.now)}, 'big', 1, 'k', '{}', now())`;
  const fill = (
    count: number,
    name: string,
  ) => sql`insert into files (organization_id, id, workspace_id, blob_id, name, purpose, sample_type,
    source, visibility, bytes, created_by, created_at, expires_at)
    select ${ctx.organizationId}, 'file_' || lpad(n::text || ${name}, 26, '0'), ${ctx.workspaceId}, (select id from blobs where organization_id = ${ctx.organizationId} limit 1),
      n || ${name}, 'fine-tune', 'instruct', 'upload', 'workspace', 1, 'usr_x', now(), now() + interval '1 day' from generate_series(1, ${count}) as n`;
  await fill(79, "a");
  expect((await upload(secret, [filePart(talk(1), "80.jsonl")])).status).toBe(200);
  const kinds = async () =>
    (
      await sql`select kind from letters where kind like 'files.%' and organization_id = ${ctx.organizationId} order by id`
    ).map(({ kind }) => kind);
  expect(await kinds()).toEqual(["files.nearly-full"]);
  await fill(18, "b");
  const both = await Promise.all([2, 3, 4, 5].map((n) => upload(secret, [filePart(talk(n), `${n}.jsonl`)])));
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 200, 402, 402]);
  expect(both.find(({ status }) => status === 402)?.body).toMatchObject({
    type: "file_quota_reached",
    limit: 100,
    used: 100,
  });
  expect(await kinds()).toEqual(["files.nearly-full", "files.full"]);
  expect(await sql`select count(*)::int from files where organization_id = ${ctx.organizationId}`).toMatchObject([
    { count: 100 },
  ]);
});

test("fine-tuning 14: none of it is open to another organization, or to a key without the right", async () => {
  const ctx = await place();
  const { body } = await upload(await secretOf(ctx), [filePart(talks(50))]);
  const uses: [string, string][] = [
    ["GET", "report"],
    ["POST", "reformat"],
    ["POST", "split"],
    ["GET", "url"],
  ];
  const statuses = async (secret: string) =>
    Promise.all(
      uses.map(async ([method, what]) => (await v1.ask(secret, method, `/v1/files/${body.id}/${what}`)).status),
    );
  expect(await statuses(await secretOf(await place()))).toEqual([404, 404, 404, 404]);
  expect(await statuses(await secretOf(ctx, ["agents:use"]))).toEqual([403, 403, 403, 403]);
  expect(await statuses(await secretOf(ctx, ["files:read"]))).toEqual([200, 403, 403, 200]);
  await sql`update organizations set zero_retention_since = now() where id = ${ctx.organizationId}`;
  const secret = await secretOf(ctx);
  const refused = await Promise.all(
    uses.map(([method, what]) => v1.ask(secret, method, `/v1/files/${body.id}/${what}`)),
  );
  expect(refused.map(({ body }) => body.type)).toEqual(Array(4).fill("zdr_incompatible"));
});
