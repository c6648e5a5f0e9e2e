import fs from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import S3rver from "s3rver";
import { afterAll, expect, test, vi } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { sweepFiles } from "#lib/domain/files/commands.ts";
import { filePart, sampleLine } from "#lib/testing/forms.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1 } from "./testing.ts";
import { filesAt } from "./testing-files.ts";
import { uploadsAt } from "./testing-uploads.ts";

const home = await fs.mkdtemp(path.join(os.tmpdir(), "file-faults-"));
const bucket = new S3rver({
  port: 0,
  address: "127.0.0.1",
  silent: true,
  directory: home,
  configureBuckets: [{ name: "files", configs: [] }],
});
const { port: behind } = await bucket.run();

/** Stands before the bucket and answers as a fault says: null lets a call through. */
let fault: (method: string) => number | "lost" | null = () => null;
const door = http.createServer((ask, answer) => {
  const wrong = fault(ask.method ?? "");
  if (typeof wrong === "number") {
    ask.resume().on("end", () => answer.writeHead(wrong).end("<Error><Code>SlowDown</Code></Error>"));
    return;
  }
  const on = http.request({ port: behind, host: "127.0.0.1", method: ask.method, path: ask.url, headers: ask.headers });
  on.on("response", (came) => {
    if (wrong === "lost") came.resume().on("end", () => ask.socket.destroy());
    else came.pipe(answer.writeHead(came.statusCode ?? 500, came.headers));
  });
  ask.pipe(on);
});
await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
const { port } = door.address() as AddressInfo;
Object.assign(process.env, {
  FILES_S3_URL: `http://127.0.0.1:${port}/files`,
  FILES_S3_REGION: "eu-west-3",
  FILES_S3_KEY_ID: "S3RVER",
  FILES_S3_SECRET: "S3RVER",
});

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
const { upload, rowsOf } = filesAt(v1.port, sql);
const { begin, patch, head } = uploadsAt(v1.port);
const place = () => testWorkspace(db);
const secretOf = (ctx: Context) => keyOf(ctx, { scopes: ["files:write"] });

afterAll(async () => {
  await v1.close();
  door.closeAllConnections();
  await new Promise((resolve) => door.close(resolve));
  await bucket.close();
  await fs.rm(home, { recursive: true, force: true });
});

/** Of what we could not do our log says more; here it is expected. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  return work().finally(() => log.mockRestore());
}

test("fine-tuning 4: a bucket that answers 503 leaves no row and no object, and the next try works", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  fault = (method) => (method === "PUT" || method === "POST" ? 503 : null);
  const refused = await quietly(() => upload(secret, [filePart(sampleLine)]));
  expect(refused).toMatchObject({ status: 503, body: { type: "storage_unavailable" } });
  fault = () => null;
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
  expect((await upload(secret, [filePart(sampleLine)])).status).toBe(200);
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
});

test("fine-tuning 4: an answer of the bucket that is lost makes one object and one row", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  let lost = 0;
  fault = (method) => (method === "PUT" && lost++ === 0 ? "lost" : null);
  const sent = await upload(secret, [filePart(sampleLine)]);
  fault = () => null;
  expect([sent.status, lost]).toEqual([200, 2]);
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
  expect(await (await v1.send(secret, "GET", `/v1/files/${sent.body.id}/content`)).text()).toBe(sampleLine);
});

test("fine-tuning 4: a part that storage does not take is not counted, and is sent again", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const at = await begin(secret, sampleLine.length);
  fault = (method) => (method === "PUT" || method === "POST" ? 503 : null);
  expect((await quietly(() => patch(secret, at, 0, sampleLine))).status).toBe(503);
  fault = () => null;
  expect((await head(secret, at)).headers["upload-offset"]).toBe("0");
  const sent = await patch(secret, at, 0, sampleLine);
  expect([sent.status, sent.headers["x-file-id"]]).toEqual([204, expect.any(String)]);
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
});

test("fine-tuning 4: bytes that cannot be removed are unreadable at once, and go with the next sweep", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const { body } = await upload(secret, [filePart(sampleLine)]);
  fault = (method) => (method === "DELETE" ? 503 : null);
  expect((await v1.ask(secret, "DELETE", `/v1/files/${body.id}`)).status).toBe(200);
  const operator = systemContext("test");
  await expect(sweepFiles(operator)).rejects.toThrow();
  expect(await sql`select key from blobs where organization_id = ${ctx.organizationId}`).toMatchObject([{ key: null }]);
  fault = () => null;
  await sweepFiles(operator);
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
});
