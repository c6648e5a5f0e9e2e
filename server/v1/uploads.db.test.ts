import { createHash } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import * as tus from "tus-js-client";
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import { addDays } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { sweepParts, sweepUploads } from "#lib/domain/files/uploads/commands.ts";
import { uploadsPrefix } from "#lib/domain/files/uploads/rules.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1, rawAsk } from "./testing.ts";
import { filesAt } from "./testing-files.ts";
import { base64, headersOf, uploadsAt } from "./testing-uploads.ts";

const { db, sql } = await testDatabase();
const [v1, second] = [await openV1(sql), await openV1(sql)];
afterAll(async () => {
  await v1.close();
  await second.close();
});

const { rowsOf } = filesAt(v1.port, sql);
const place = () => testWorkspace(db);
const secretOf = (ctx: Context) => keyOf(ctx, { scopes: ["files:write"] });
const ask = rawAsk(v1.port);

const talk = (n: number) => `{"messages":[{"role":"user","content":"${n}?"},{"role":"assistant","content":"${n}."}]}\n`;
const talks = (count: number) => Array.from({ length: count }, (_, n) => talk(n)).join("");
const { begin, patch, head } = uploadsAt(v1.port);

async function partsLeft({ organizationId }: Context): Promise<number> {
  let found = 0;
  for await (const _ of storage().list(uploadsPrefix + organizationId)) found += 1;
  return found;
}

/** A way to two servers by turns that breaks off now and then, as networks do. */
async function brokenWay(ports: number[], cuts: number[]) {
  let count = 0;
  const server = net.createServer((client) => {
    const behind = net.connect({ port: ports[count++ % ports.length] as number, host: "127.0.0.1" });
    let left = cuts.shift() ?? Number.POSITIVE_INFINITY;
    client.on("data", (piece) => {
      left -= piece.length;
      if (left >= 0) behind.write(piece);
      else {
        client.resetAndDestroy();
        behind.resetAndDestroy();
      }
    });
    behind.pipe(client);
    for (const end of [client, behind]) end.on("error", () => undefined);
    client.on("close", () => behind.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as net.AddressInfo).port, close: () => server.close() };
}

test("fine-tuning 3: tus-js-client as it comes sends a file through five cuts and two processes, byte for byte", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const content = Buffer.from(talks(500_000));
  const way = await brokenWay([v1.port, second.port], [9e6, 3e6, 12e6, 1e6, 8e6]);
  const ids: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const upload = new tus.Upload(content, {
      endpoint: `http://127.0.0.1:${way.port}/v1/uploads`,
      chunkSize: 8 * 1024 * 1024,
      uploadSize: content.length,
      retryDelays: [0, 0, 0, 0, 0, 0, 0, 0],
      headers: { authorization: `Bearer ${secret}` },
      metadata: { filename: "theirs.jsonl", purpose: "fine-tune" },
      onAfterResponse: (_, response) => {
        const id = response.getHeader("x-file-id");
        if (id) ids.push(id);
      },
      onError: reject,
      onSuccess: () => resolve(),
    });
    upload.start();
  });
  way.close();
  const { body } = await v1.ask(secret, "GET", `/v1/files/${ids[0]}`);
  expect(body).toMatchObject({
    filename: "theirs.jsonl",
    bytes: content.length,
    num_lines: 500_000,
    signature: createHash("sha256").update(content).digest("hex"),
  });
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
  expect(await partsLeft(ctx)).toBe(0);
}, 60_000);

test("fine-tuning 2: what a broken request has brought is kept, and any process goes on from there", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const content = talks(3000);
  const at = await begin(secret, content.length);
  const broken = http.request({
    port: v1.port,
    host: "127.0.0.1",
    method: "PATCH",
    path: at,
    headers: headersOf(secret, {
      "upload-offset": "0",
      "content-type": "application/offset+octet-stream",
      "content-length": String(content.length),
    }),
  });
  broken.on("error", () => undefined);
  broken.write(content.slice(0, 50_001));
  await expect
    .poll(async () => {
      const [row] = await sql`select number from file_uploads where organization_id = ${ctx.organizationId}`;
      return row?.number;
    })
    .toBe(1);
  // The bytes are on their way when the line breaks.
  await new Promise((resolve) => broken.write("", resolve));
  broken.destroy();
  await expect.poll(async () => (await head(secret, at)).headers["upload-offset"]).toBe("50001");
  const rest = await patch(secret, at, 50_001, content.slice(50_001), second.port);
  expect([rest.status, rest.headers["upload-offset"]]).toEqual([204, String(content.length)]);
  const id = rest.headers["x-file-id"];
  expect(await (await v1.send(secret, "GET", `/v1/files/${id}/content`)).text()).toBe(content);
  // Whoever did not hear the last answer hears it again.
  expect((await head(secret, at)).headers["x-file-id"]).toBe(id);
});

test("fine-tuning 2: a request that was taken over writes nothing more, and an offset that is not there is told the right one", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const content = talks(100);
  const at = await begin(secret, content.length);
  const slow = http.request({
    port: v1.port,
    host: "127.0.0.1",
    method: "PATCH",
    path: at,
    headers: headersOf(secret, {
      "upload-offset": "0",
      "content-type": "application/offset+octet-stream",
      "content-length": String(content.length),
    }),
  });
  slow.write("x".repeat(10));
  await expect
    .poll(async () => {
      const [row] = await sql`select number from file_uploads where organization_id = ${ctx.organizationId}`;
      return row?.number;
    })
    .toBe(1);
  const whole = await patch(secret, at, 0, content, second.port);
  expect(whole.status).toBe(204);
  slow.end("x".repeat(content.length - 10));
  const [late] = (await once(slow, "response")) as [http.IncomingMessage];
  expect([late.statusCode, late.headers["upload-offset"]]).toEqual([409, String(content.length)]);
  late.resume();
  const wrong = await patch(secret, at, 7, "x");
  expect([wrong.status, wrong.headers["upload-offset"]]).toEqual([409, String(content.length)]);
  expect(await partsLeft(ctx)).toBe(0);
  const stored = await (await v1.send(secret, "GET", `/v1/files/${whole.headers["x-file-id"]}/content`)).text();
  expect(stored).toBe(content);
});

test("fine-tuning 2: who dies before the file is made leaves all its parts, and asking for the state makes it", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const content = talks(50);
  const at = await begin(secret, content.length + 1);
  expect((await patch(secret, at, 0, content)).status).toBe(204);
  // As if the last byte had been kept by a process that then was killed.
  await sql`update file_uploads set bytes = bytes - 1 where organization_id = ${ctx.organizationId}`;
  const { headers } = await head(secret, at);
  expect(headers["x-file-id"]).toMatch(/^[0-9a-f-]{36}$/);
  expect((await head(secret, at)).headers["x-file-id"]).toBe(headers["x-file-id"]);
  expect(await rowsOf(ctx)).toEqual({ files: 1, blobs: 1, objects: 1 });
});

test("fine-tuning 2: a data set that is refused is 422 by line at the last part, and nothing of it remains", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const content = '{"text":1}\n'.repeat(30);
  const at = await begin(secret, content.length);
  const first = await patch(secret, at, 0, content.slice(0, 110));
  expect([first.status, first.headers["x-file-problems"]]).toEqual([204, "10"]);
  const last = await patch(secret, at, 110, content.slice(110));
  expect([last.status, JSON.parse(last.text).detail.length]).toEqual([422, 20]);
  expect((await head(secret, at)).status).toBe(404);
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
  expect(await partsLeft(ctx)).toBe(0);
});

test("fine-tuning 3: what is not of the protocol is refused in words", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const at = await begin(secret, 10);
  const said = async (answer: ReturnType<typeof ask>) => {
    const { status, text } = await answer;
    expect(text === "" || JSON.parse(text).message.length > 10).toBe(true);
    return status;
  };
  const name = { "upload-metadata": `filename ${base64("set.jsonl")}` };
  const make = (more: Record<string, string>) => said(ask("POST", "/v1/uploads", { headers: headersOf(secret, more) }));
  expect(await said(ask("POST", "/v1/uploads", { headers: { authorization: `Bearer ${secret}` } }))).toBe(412);
  expect(await make({ "upload-length": "10" })).toBe(422);
  expect(await make({ ...name })).toBe(422);
  expect(await make({ ...name, "upload-length": "0" })).toBe(422);
  expect(await make({ ...name, "upload-length": String(512 * 1024 * 1024 + 1) })).toBe(422);
  expect(await make({ "upload-length": "10", "upload-metadata": `filename ${base64("a.txt")}` })).toBe(422);
  expect((await patch(secret, at, 0, "x".repeat(11))).status).toBe(413);
  expect((await patch(secret, at, -1, "x")).status).toBe(422);
  const plain = { headers: headersOf(secret, { "upload-offset": "0", "content-type": "text/plain" }), body: "x" };
  expect(await said(ask("PATCH", at, plain))).toBe(415);
  expect(await said(ask("DELETE", at, { headers: headersOf(secret) }))).toBe(204);
  expect((await head(secret, at)).status).toBe(404);
});

test("fine-tuning 2: of what the checker knew only the last is kept, and crumbs without end are refused", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const at = await begin(secret, 100);
  for (const offset of [0, 1, 2]) expect((await patch(secret, at, offset, "{")).status).toBe(204);
  // Three parts and one state.
  expect(await partsLeft(ctx)).toBe(4);
  await sql`update file_uploads set parts = array_fill('1.1'::text, array[10000]) where organization_id = ${ctx.organizationId}`;
  expect(JSON.parse((await patch(secret, at, 3, "{")).text).type).toBe("too_many_parts");
});

test("fine-tuning 14: an upload is its sender's alone, also within a workspace", async () => {
  const ctx = await place();
  const at = await begin(await secretOf(ctx), 10);
  const colleague = await secretOf(await testWorkspace(db, { within: ctx, roles: ["dev"] }));
  for (const secret of [colleague, await secretOf(await place())]) {
    expect((await head(secret, at)).status).toBe(404);
    expect((await patch(secret, at, 0, "x")).status).toBe(404);
  }
  const reader = await keyOf(ctx, { scopes: ["files:read"] });
  expect((await head(reader, at)).status).toBe(403);
  await sql`update organizations set zero_retention_since = now() where id = ${ctx.organizationId}`;
  const refused = await ask("GET", at, { headers: headersOf(await secretOf(ctx)) });
  expect(JSON.parse(refused.text).type).toBe("zdr_incompatible");
});

test("fine-tuning 13: an upload that no one goes on with is gone after a day, with its parts; parts that no row names go too", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const at = await begin(secret, 100);
  await patch(secret, at, 0, talk(1).slice(0, 40));
  await storage().write(`${uploadsPrefix}${ctx.organizationId}/upl_${"0".repeat(26)}/0.1`, [Buffer.from("lost")]);
  const operator = systemContext("test");
  await sweepUploads(operator);
  await sweepParts(operator);
  expect(await partsLeft(ctx)).toBe(2);
  expect((await head(secret, at)).headers["upload-offset"]).toBe("40");
  await sweepUploads({ ...operator, now: addDays(operator.now, 2) });
  expect(await partsLeft(ctx)).toBe(0);
  expect((await head(secret, at)).status).toBe(404);
});
