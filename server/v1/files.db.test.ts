import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs/promises";
import type http from "node:http";
import path from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Scope } from "#lib/core/access/roles.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { type Context, inWorkspace, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { sweepFiles } from "#lib/domain/files/commands.ts";
import { sweepOrphans } from "#lib/domain/files/contents/commands.ts";
import { blobPlace } from "#lib/domain/retention/blobs/rules.ts";
import { purgeScope } from "#lib/domain/retention/purge/commands.ts";
import { createWorkspace } from "#lib/domain/workspaces/commands.ts";
import { requestZeroRetention } from "#lib/domain/zero-retention/commands.ts";
import { fileHead, filePart, formEnd, sampleLine } from "#lib/testing/forms.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { zeroRetentionAsk } from "#lib/testing/zero-retention.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1 } from "./testing.ts";
import { filesAt, objectsOf } from "./testing-files.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

const { upload, begin, rowsOf } = filesAt(v1.port, sql);
const place = () => testWorkspace(db);
const secretOf = (ctx: Context, scopes: Scope[] = ["files:write"]) => keyOf(ctx, { scopes });

test("T-4.2.3-1: a file goes in as it comes, is listed, found by its UUID, comes back byte for byte, and is gone when deleted", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const content = Buffer.from(`${sampleLine.repeat(2000)}{"text":1,"random":"${randomBytes(70_000).toString("hex")}"}`);
  const sent = await upload(secret, [filePart(content), { name: "purpose", value: "fine-tune" }]);
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
      expires_at: expect.any(Number),
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
  const { body } = await upload(secret, [
    filePart(`${sampleLine}{"messages":[{"role":"assistant","content":"canary-7f31"}]}\n`),
  ]);
  const [key = ""] = await objectsOf(ctx.organizationId);
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
  const both = await Promise.all([upload(secret, [filePart(sampleLine)]), upload(secret, [filePart(sampleLine)])]);
  // Of two at once one may be told to try again.
  const done = both.filter(({ status }) => status === 200).map(({ body }) => body.id);
  expect(done.length).toBeGreaterThan(0);
  const again = await upload(secret, [filePart(sampleLine)]);
  expect(new Set([...done, again.body.id]).size).toBe(1);
  const named = await upload(secret, [filePart(sampleLine, "other.jsonl")]);
  expect(named.body.id).not.toBe(again.body.id);
  expect(await rowsOf(ctx)).toEqual({ files: 2, blobs: 1, objects: 1 });
  await upload(await secretOf(other), [filePart(sampleLine)]);
  expect(await rowsOf(other)).toEqual({ files: 1, blobs: 1, objects: 1 });
  // With one file of two the content stays.
  await v1.ask(secret, "DELETE", `/v1/files/${again.body.id}`);
  await sweepFiles(systemContext("test"));
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
  expect(await (await v1.send(secret, "GET", `/v1/files/${named.body.id}/content`)).text()).toBe(sampleLine);
});

test("fine-tuning 14: another organization, another workspace and a key without the scope have no part of a file", async () => {
  const ctx = await place();
  const owner = await secretOf(ctx);
  const { body } = await upload(owner, [filePart(sampleLine)]);
  const uses = (secret: string) =>
    Promise.all([
      v1.ask(secret, "GET", `/v1/files/${body.id}`),
      v1.ask(secret, "GET", `/v1/files/${body.id}/content`),
      v1.ask(secret, "DELETE", `/v1/files/${body.id}`),
    ]);
  expect((await uses(await secretOf(await place()))).map(({ status }) => status)).toEqual([404, 404, 404]);
  const second = await createWorkspace(ctx, { name: "Second" });
  const beside = inWorkspace(ctx, second.id);
  expect((await uses(await secretOf(beside))).map(({ status }) => status)).toEqual([404, 404, 404]);
  expect((await v1.ask(await secretOf(beside), "GET", "/v1/files")).body.total).toBe(0);
  expect((await uses(await secretOf(ctx, ["agents:use"]))).map(({ status }) => status)).toEqual([403, 403, 403]);
  const reader = await secretOf(ctx, ["files:read"]);
  expect((await v1.ask(reader, "GET", `/v1/files/${body.id}`)).status).toBe(200);
  expect((await v1.ask(reader, "DELETE", `/v1/files/${body.id}`)).status).toBe(403);
  expect((await upload(reader, [filePart(sampleLine)])).status).toBe(403);
  const colleague = await testWorkspace(db, { within: ctx, roles: ["dev"] });
  const own = await upload(owner, [{ name: "visibility", value: "user" }, filePart(sampleLine, "mine.jsonl")]);
  const theirs = await secretOf(colleague);
  expect((await v1.ask(theirs, "GET", `/v1/files/${body.id}`)).status).toBe(200);
  expect((await v1.ask(theirs, "GET", `/v1/files/${own.body.id}`)).status).toBe(404);
  expect((await v1.ask(theirs, "GET", "/v1/files")).body.total).toBe(1);
});

test("T-4.2.2.2-ZDR4: under zero retention files are refused, also one that was on its way, unless they are kept on instruction", async () => {
  const ctx = await place();
  const { organizationId, workspaceId } = ctx;
  const secret = await secretOf(ctx);
  const slow = begin(
    secret,
    (async function* () {
      yield fileHead;
      yield Buffer.from(sampleLine);
      await sql`update organizations set zero_retention_since = now() where id = ${organizationId}`;
      yield formEnd;
    })(),
  );
  const [response] = (await once(slow, "response")) as [http.IncomingMessage];
  let text = "";
  for await (const said of response) text += said;
  expect([response.statusCode, JSON.parse(text).type]).toEqual([403, "zdr_incompatible"]);
  await vi.waitFor(async () =>
    expect((await upload(secret, [filePart(sampleLine)])).body.type).toBe("zdr_incompatible"),
  );
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

test("T-4.2.2.2-ZDR4: files that the customer has kept on its own instruction work under zero retention", async () => {
  const ctx = await place();
  const { organizationId } = ctx;
  await requestZeroRetention(ctx, zeroRetentionAsk({ keepClasses: ["files"] }));
  await sql`update zero_retention_requests set state = 'active', active_at = now(), evidence = '{}', claimed_by = 'usr_x',
    approver = 'usr_x', approvers_needed = 1, decided_by = 'usr_x', decided_at = now(), decided_reason = '' where organization_id = ${organizationId}`;
  await sql`update organizations set zero_retention_since = now() where id = ${organizationId}`;
  const sent = await upload(await secretOf(ctx), [filePart(sampleLine)]);
  expect([sent.status, sent.body.filename]).toEqual([200, "set.jsonl"]);
});

test("T-4.2.2.2-ZDR3 (8): a purge takes files with their bytes, and what another workspace has too stays", async () => {
  const ctx = await place();
  const { organizationId, workspaceId } = ctx;
  const secret = await secretOf(ctx);
  await upload(secret, [filePart(sampleLine)]);
  await upload(secret, [filePart(`${sampleLine}${sampleLine}`, "b.jsonl")]);
  const [second] = await sql`insert into workspaces (organization_id, id, name, created_at)
    values (${organizationId}, ${`${workspaceId.slice(0, -4)}0000`}, 'Second', now()) returning id`;
  await sql`insert into files select organization_id, replace(id, 'file_0', 'file_7'), ${second?.id}, blob_id, name, purpose, sample_type,
    source, visibility, bytes, lines, created_by, created_at, expires_at, is_expiry_asked, is_draft, bad_lines, problems, tokens, is_tokens_estimate from files
    where organization_id = ${organizationId} and name = 'set.jsonl'`;
  const purged = await purgeScope(systemContext("test"), { organizationId, workspaceId }, ["files"]);
  expect(purged).toMatchObject([{ class: "files", items: 2, bytes: 3 * sampleLine.length, recount: 0 }]);
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
  await purgeScope(systemContext("test"), { organizationId, workspaceId: null }, ["files"]);
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
});

test("fine-tuning 13: what has expired is not there any more, and then it is gone; an object that no row names goes after 48 hours", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const { body } = await upload(secret, [filePart(sampleLine), { name: "expiry", value: "1" }]);
  expect(body.expires_at - body.created_at).toBe(3600);
  const operator = systemContext("test");
  await sweepFiles({ ...operator, now: addMinutes(operator.now, 59) });
  expect((await v1.ask(secret, "GET", `/v1/files/${body.id}`)).status).toBe(200);
  await sweepFiles({ ...operator, now: addMinutes(operator.now, 61) });
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
  const lost = blobPlace(ctx.organizationId, `blb_${"0".repeat(26)}`);
  await storage().write(lost, [Buffer.from("lost")]);
  await upload(secret, [filePart(sampleLine)]);
  await sweepOrphans({ ...operator, now: addDays(operator.now, 2) });
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
});

test("T-4.2.2.2-ZDR3 (8): a purge that is part of a transaction takes the keys with it, and no byte where it is undone", async () => {
  const ctx = await place();
  const { organizationId } = ctx;
  await upload(await secretOf(ctx), [filePart(sampleLine)]);
  const operator = systemContext("test");
  const scope = { organizationId, workspaceId: null };
  class Undo extends Error {}
  const undone = transaction(operator, async (ctx) => {
    await purgeScope(ctx, scope, ["files"]);
    throw new Undo();
  });
  await expect(undone).rejects.toThrow(Undo);
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
  await transaction(operator, (ctx) => purgeScope(ctx, scope, ["files"]));
  expect(await sql`select key from blobs where organization_id = ${organizationId}`).toMatchObject([{ key: null }]);
  await sweepFiles(operator);
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
});
