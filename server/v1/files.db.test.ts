import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs/promises";
import http from "node:http";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, expect, test, vi } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Scope } from "#lib/core/access/roles.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { sweepFiles } from "#lib/domain/files/commands.ts";
import { sweepOrphans } from "#lib/domain/files/contents/commands.ts";
import { fileBytesMost } from "#lib/domain/files/rules.ts";
import { blobPlace, blobsPrefix } from "#lib/domain/retention/blobs/rules.ts";
import { purgeScope } from "#lib/domain/retention/purge/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1 } from "./testing.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

const scopes: Scope[] = ["files:write"];
const place = () => testWorkspace(db);
const secretOf = (ctx: Context, more: Scope[] = scopes) => keyOf(ctx, { scopes: more });
const base = `http://127.0.0.1:${v1.port}`;

/** The names that the bodies of forms have; a body of its own, so that fields can come in any order. */
type Part = { name: string; value: string | Buffer; filename?: string };
const boundary = "----of-the-test";
const formOf = (parts: readonly Part[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap(({ name, value, filename }) => [
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${filename ? `; filename="${filename}"` : ""}\r\n\r\n`,
      ),
      Buffer.from(value as string),
      Buffer.from("\r\n"),
    ]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
const form = `multipart/form-data; boundary=${boundary}`;

async function upload(secret: string, parts: readonly Part[], type = form) {
  const headers = { authorization: `Bearer ${secret}`, "content-type": type };
  const response = await fetch(`${base}/v1/files`, { method: "POST", headers, body: new Uint8Array(formOf(parts)) });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const file = (value: string | Buffer, filename = "set.jsonl"): Part => ({ name: "file", value, filename });
const sample = '{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}\n';

async function objects(organizationId = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const key of storage().list(`${blobsPrefix}${organizationId}`)) found.push(key);
  return found;
}

const rowsOf = async ({ organizationId }: Context) => {
  const [row] = await sql`select (select count(*)::int from files where organization_id = ${organizationId}) as files,
    (select count(*)::int from blobs where organization_id = ${organizationId}) as blobs`;
  return { ...row, objects: (await objects(organizationId)).length };
};

test("T-4.2.3-1: a file goes in as it comes, is listed, found by its UUID, comes back byte for byte, and is gone when deleted", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const content = Buffer.from(sample.repeat(2000) + randomBytes(70_000).toString("hex"));
  const sent = await upload(secret, [file(content), { name: "purpose", value: "fine-tune" }]);
  expect(sent).toMatchObject({
    status: 200,
    body: {
      object: "file",
      bytes: content.length,
      filename: "set.jsonl",
      purpose: "fine-tune",
      sample_type: "instruct",
      num_lines: 2001,
      source: "upload",
      signature: createHash("sha256").update(content).digest("hex"),
      expires_at: null,
      visibility: "workspace",
    },
  });
  const { id } = sent.body;
  const listed = await v1.ask(secret, "GET", "/v1/files?page=0&page_size=100&include_total=true");
  expect(listed.body).toEqual({ object: "list", data: [sent.body], total: 1 });
  expect((await v1.ask(secret, "GET", `/v1/files/${id}`)).body).toEqual({ ...sent.body, deleted: false });
  const answer = await v1.send(secret, "GET", `/v1/files/${id}/content`);
  expect(answer.headers.get("content-type")).toBe("application/octet-stream");
  expect(answer.headers.get("etag")).toBe(`"${sent.body.signature}"`);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
  expect((await v1.ask(secret, "DELETE", `/v1/files/${id}`)).body).toEqual({ id, object: "file", deleted: true });
  for (const gone of [`/v1/files/${id}`, `/v1/files/${id}/content`])
    expect((await v1.ask(secret, "GET", gone)).body.type).toBe("file_not_found");
  // Its key went with it; its bytes go with the job that was queued.
  expect(await sql`select key from blobs where organization_id = ${ctx.organizationId}`).toMatchObject([{ key: null }]);
  await sweepFiles(systemContext("test"));
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
  const actions = await sql`select action from audit_events where organization_id = ${ctx.organizationId}
    and object_type = 'file' order by sequence`;
  expect(actions.map(({ action }) => action)).toEqual(["file.create", "file.delete"]);
});

test("T-4.2.3-DATA: what lies in storage says nothing of a file, and one changed byte of it is never given out", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const { body } = await upload(secret, [file(`${sample}{"text":"canary-7f31"}\n`)]);
  const [key = ""] = await objects(ctx.organizationId);
  const stored = path.join(env().DATA_DIR, "files", key);
  const bytes = await fs.readFile(stored);
  expect(bytes.includes("canary") || bytes.includes("messages")).toBe(false);
  bytes[10] = (bytes[10] ?? 0) ^ 1;
  await fs.writeFile(stored, bytes);
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const read = v1.send(secret, "GET", `/v1/files/${body.id}/content`).then((answer) => answer.arrayBuffer());
  await expect(read).rejects.toThrow();
  log.mockRestore();
});

test("fine-tuning 5: the same content is kept once in an organization, and never shared between two", async () => {
  const [ctx, other] = [await place(), await place()];
  const secret = await secretOf(ctx);
  const both = await Promise.all([upload(secret, [file(sample)]), upload(secret, [file(sample)])]);
  // Of two at once one may be told to try again.
  const done = both.filter(({ status }) => status === 200).map(({ body }) => body.id);
  expect(done.length).toBeGreaterThan(0);
  const again = await upload(secret, [file(sample)]);
  expect(new Set([...done, again.body.id]).size).toBe(1);
  const named = await upload(secret, [file(sample, "other.jsonl")]);
  expect(named.body.id).not.toBe(again.body.id);
  expect(await rowsOf(ctx)).toEqual({ files: 2, blobs: 1, objects: 1 });
  await upload(await secretOf(other), [file(sample)]);
  expect(await rowsOf(other)).toEqual({ files: 1, blobs: 1, objects: 1 });
  // With one file of two the content stays.
  await v1.ask(secret, "DELETE", `/v1/files/${again.body.id}`);
  await sweepFiles(systemContext("test"));
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
  expect(await (await v1.send(secret, "GET", `/v1/files/${named.body.id}/content`)).text()).toBe(sample);
});

test("fine-tuning 14: another organization, another workspace and a key without the scope have no part of a file", async () => {
  const ctx = await place();
  const owner = await secretOf(ctx);
  const { body } = await upload(owner, [file(sample)]);
  const uses = (secret: string) =>
    Promise.all([
      v1.ask(secret, "GET", `/v1/files/${body.id}`),
      v1.ask(secret, "GET", `/v1/files/${body.id}/content`),
      v1.ask(secret, "DELETE", `/v1/files/${body.id}`),
    ]);
  expect((await uses(await secretOf(await place()))).map(({ status }) => status)).toEqual([404, 404, 404]);
  expect((await uses(await secretOf(ctx, ["agents:use"]))).map(({ status }) => status)).toEqual([403, 403, 403]);
  const reader = await secretOf(ctx, ["files:read"]);
  expect((await v1.ask(reader, "GET", `/v1/files/${body.id}`)).status).toBe(200);
  expect((await v1.ask(reader, "DELETE", `/v1/files/${body.id}`)).status).toBe(403);
  expect((await upload(reader, [file(sample)])).status).toBe(403);
  const colleague = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  const own = await upload(owner, [{ name: "visibility", value: "user" }, file(sample, "mine.jsonl")]);
  const theirs = await secretOf(colleague);
  expect((await v1.ask(theirs, "GET", `/v1/files/${body.id}`)).status).toBe(200);
  expect((await v1.ask(theirs, "GET", `/v1/files/${own.body.id}`)).status).toBe(404);
  expect((await v1.ask(theirs, "GET", "/v1/files")).body.total).toBe(1);
});

test("fine-tuning: what is no file, or no form, is refused in words, and leaves nothing", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const purpose = (value: string): Part => ({ name: "purpose", value });
  const wrong: [string, Part[], number, string?][] = [
    ["no file", [purpose("batch")], 422],
    ["an empty one", [file("")], 400],
    ["two", [file(sample), file(sample, "b.jsonl")], 422],
    ["in another field", [{ ...file(sample), name: "document" }], 422],
    ["not JSON Lines", [file("a,b", "set.csv")], 422],
    ["for reading documents", [file(sample), purpose("ocr")], 422],
    ["for nothing there is", [file(sample), purpose("assistants")], 422],
    ["an unknown field", [file(sample), { name: "expires_after", value: "1" }], 422],
    ["a field that never ends", [file(sample), purpose("x".repeat(5000))], 422],
    ["many fields", [file(sample), ...Array.from({ length: 12 }, (_, n) => ({ name: `f${n}`, value: "1" }))], 422],
    ["JSON", [file(sample)], 415, "application/json"],
    ["without a boundary", [file(sample)], 415, "multipart/form-data"],
    ["cut off", [file(sample)], 422, "multipart/form-data; boundary=another"],
  ];
  for (const [name, parts, status, type] of wrong) {
    const answer = await upload(secret, parts, type);
    expect([name, answer.status, answer.body.message]).toEqual([name, status, expect.stringMatching(/\w/)]);
  }
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
});

/** Sends the head of a form and its pieces; more than the customer says is never waited for. */
function begin(secret: string, pieces: AsyncIterable<Buffer> | Iterable<Buffer>, length?: number) {
  const headers = {
    authorization: `Bearer ${secret}`,
    "content-type": form,
    ...(length !== undefined && { "content-length": length }),
  };
  const request = http.request({ port: v1.port, host: "127.0.0.1", path: "/v1/files", method: "POST", headers });
  request.on("error", () => undefined);
  Readable.from(pieces).pipe(request);
  return request;
}

const head = Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="big.jsonl"\r\n\r\n`);

test("fine-tuning: who hangs up in the middle of a file leaves nothing of it", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const drafts = async () => (await fs.readdir(path.join(env().DATA_DIR, "files", ".drafts"))).length;
  const before = await drafts();
  const request = begin(secret, [head, Buffer.alloc(300_000, "a")], 10_000_000);
  await vi.waitFor(async () => expect(await drafts()).toBe(before + 1));
  request.destroy();
  await vi.waitFor(async () => expect(await drafts()).toBe(before));
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
});

test("fine-tuning 1: 512 MB go through less than 200 MB of memory; one byte more is 413 and nothing remains", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const piece = Buffer.alloc(1024 * 1024, `${"x".repeat(1023)}\n`);
  let most = 0;
  const sizes = async (bytes: number) => {
    const idle = process.memoryUsage().rss;
    async function* pieces() {
      yield head;
      for (let left = bytes; left > 0; left -= piece.length) {
        most = Math.max(most, process.memoryUsage().rss - idle);
        yield piece.subarray(0, Math.min(left, piece.length));
      }
      yield Buffer.from(`\r\n--${boundary}--\r\n`);
    }
    const request = begin(secret, pieces());
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    let text = "";
    for await (const said of response) text += said;
    return { status: response.statusCode, body: JSON.parse(text) };
  };
  const whole = await sizes(fileBytesMost);
  expect(whole).toMatchObject({ status: 200, body: { bytes: fileBytesMost, num_lines: 512 * 1024 } });
  expect(most).toBeLessThan(200_000_000);
  expect(await sizes(fileBytesMost + 1)).toMatchObject({ status: 413, body: { type: "too_large" } });
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
  await v1.ask(secret, "DELETE", `/v1/files/${whole.body.id}`);
  await sweepFiles(systemContext("test"));
}, 120_000);

test("T-4.2.2.2-ZDR4: under zero retention files are refused, also one that was on its way, unless they are kept on instruction", async () => {
  const ctx = await place();
  const { organizationId, workspaceId } = ctx;
  const secret = await secretOf(ctx);
  const slow = begin(
    secret,
    (async function* () {
      yield head;
      yield Buffer.from(sample);
      await sql`update organizations set zero_retention_since = now() where id = ${organizationId}`;
      yield Buffer.from(`\r\n--${boundary}--\r\n`);
    })(),
  );
  const [response] = (await once(slow, "response")) as [http.IncomingMessage];
  let text = "";
  for await (const said of response) text += said;
  expect([response.statusCode, JSON.parse(text).type]).toEqual([403, "zdr_incompatible"]);
  await vi.waitFor(async () => expect((await upload(secret, [file(sample)])).body.type).toBe("zdr_incompatible"));
  for (const [method, address] of [
    ["GET", "/v1/files"],
    ["GET", "/v1/files/x"],
    ["GET", "/v1/files/x/content"],
    ["DELETE", "/v1/files/x"],
  ])
    expect((await v1.ask(secret, method as string, address as string)).body.type).toBe("zdr_incompatible");
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
  await expect(
    sql`insert into files (organization_id, id, workspace_id, blob_id, name, purpose, sample_type, source, visibility, bytes, created_by, created_at)
      values (${organizationId}, 'file_x', ${workspaceId}, 'blb_x', 'x', 'batch', 'instruct', 'upload', 'user', 1, 'usr_x', now())`,
  ).rejects.toMatchObject({ code: "ZR001" });
});

test("T-4.2.2.2-ZDR3 (8): a purge takes files with their bytes, and what another workspace has too stays", async () => {
  const ctx = await place();
  const { organizationId, workspaceId } = ctx;
  const secret = await secretOf(ctx);
  await upload(secret, [file(sample)]);
  await upload(secret, [file(`${sample}${sample}`, "b.jsonl")]);
  const [second] = await sql`insert into workspaces (organization_id, id, name, created_at)
    values (${organizationId}, ${`${workspaceId.slice(0, -4)}0000`}, 'Second', now()) returning id`;
  await sql`insert into files select organization_id, replace(id, 'file_0', 'file_7'), ${second?.id}, blob_id, name, purpose, sample_type,
    source, visibility, bytes, lines, created_by, created_at, expires_at from files
    where organization_id = ${organizationId} and name = 'set.jsonl'`;
  const purged = await purgeScope(systemContext("test"), { organizationId, workspaceId }, ["files"]);
  expect(purged).toMatchObject([{ class: "files", items: 2, bytes: 3 * sample.length, recount: 0 }]);
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
  await purgeScope(systemContext("test"), { organizationId, workspaceId: null }, ["files"]);
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
});

test("fine-tuning 13: what has expired is not there any more, and then it is gone; an object that no row names goes after a day", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const { body } = await upload(secret, [file(sample), { name: "expiry", value: "1" }]);
  expect(body.expires_at - body.created_at).toBe(3600);
  const operator = systemContext("test");
  await sweepFiles({ ...operator, now: addMinutes(operator.now, 59) });
  expect((await v1.ask(secret, "GET", `/v1/files/${body.id}`)).status).toBe(200);
  await sweepFiles({ ...operator, now: addMinutes(operator.now, 61) });
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
  const lost = blobPlace(ctx.organizationId, `blb_${"0".repeat(26)}`);
  await storage().write(lost, [Buffer.from("lost")]);
  await upload(secret, [file(sample)]);
  await sweepOrphans({ ...operator, now: addDays(operator.now, 2) });
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
});
