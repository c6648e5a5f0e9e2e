import { once } from "node:events";
import fs from "node:fs/promises";
import type http from "node:http";
import path from "node:path";
import { Mistral } from "@mistralai/mistralai";
import OpenAI from "openai";
import { afterAll, expect, test, vi } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Scope } from "#lib/core/access/roles.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { sweepFiles } from "#lib/domain/files/commands.ts";
import { fileBytesMost } from "#lib/domain/files/rules.ts";
import { fileHead, filePart, formEnd, type Part, sampleLine } from "#lib/testing/forms.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { keyOf, openV1 } from "./testing.ts";
import { filesAt } from "./testing-files.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

const { upload, begin, rowsOf } = filesAt(v1.port, sql);
const place = () => testWorkspace(db);
const secretOf = (ctx: Context, scopes: Scope[] = ["files:write"]) => keyOf(ctx, { scopes });

test("fine-tuning: what is no file, or no form, is refused in words, and leaves nothing", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const purpose = (value: string): Part => ({ name: "purpose", value });
  const wrong: [string, Part[], number, string?][] = [
    ["no file", [purpose("batch")], 422],
    ["an empty one", [filePart("")], 400],
    ["two", [filePart(sampleLine), filePart(sampleLine, "b.jsonl")], 422],
    ["in another field", [{ ...filePart(sampleLine), name: "document" }], 422],
    ["not JSON Lines", [filePart("a,b", "set.csv")], 422],
    ["for reading documents", [filePart(sampleLine), purpose("ocr")], 422],
    ["for nothing there is", [filePart(sampleLine), purpose("assistants")], 422],
    ["an unknown field", [filePart(sampleLine), { name: "expires_after", value: "1" }], 422],
    ["a field that never ends", [filePart(sampleLine), purpose("x".repeat(5000))], 422],
    [
      "many fields",
      [filePart(sampleLine), ...Array.from({ length: 12 }, (_, n) => ({ name: `f${n}`, value: "1" }))],
      422,
    ],
    ["JSON", [filePart(sampleLine)], 415, "application/json"],
    ["without a boundary", [filePart(sampleLine)], 415, "multipart/form-data"],
    ["cut off", [filePart(sampleLine)], 422, "multipart/form-data; boundary=another"],
  ];
  for (const [name, parts, status, type] of wrong) {
    const answer = await upload(secret, parts, type);
    expect([name, answer.status, answer.body.message]).toEqual([name, status, expect.stringMatching(/\w/)]);
  }
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
});

test("fine-tuning: who hangs up in the middle of a file leaves nothing of it", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const drafts = async () => (await fs.readdir(path.join(env().DATA_DIR, "files", ".drafts"))).length;
  const before = await drafts();
  const request = begin(secret, [fileHead, Buffer.alloc(300_000, "a")], 10_000_000);
  await vi.waitFor(async () => expect(await drafts()).toBe(before + 1));
  request.destroy();
  await vi.waitFor(async () => expect(await drafts()).toBe(before));
  expect(await rowsOf(ctx)).toEqual({ files: 0, blobs: 0, objects: 0 });
});

test("fine-tuning 1: 512 MB go through less than 200 MB of memory; one byte more is 413 and nothing remains", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  // Each line says another number, as lines of data sets do.
  const piece = Buffer.from(
    Array.from({ length: 1024 }, (_, n) => `{"text":"${String(n).padStart(1012, "x")}"}\n`).join(""),
  );
  let most = 0;
  const sizes = async (bytes: number) => {
    const idle = process.memoryUsage().rss;
    async function* pieces() {
      yield fileHead;
      for (let left = bytes; left > 0; left -= piece.length) {
        most = Math.max(most, process.memoryUsage().rss - idle);
        yield piece.subarray(0, Math.min(left, piece.length));
      }
      yield formEnd;
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

test("fine-tuning 41: the official clients upload, list, find, download and delete a file as they come", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const base = `http://127.0.0.1:${v1.port}`;
  const mistral = new Mistral({ apiKey: secret, serverURL: base });
  const content = new Blob([sampleLine]);
  const sent = await mistral.files.upload({ file: { fileName: "theirs.jsonl", content }, purpose: "fine-tune" });
  expect(sent).toMatchObject({ filename: "theirs.jsonl", sizeBytes: sampleLine.length, sampleType: "instruct" });
  expect((await mistral.files.list()).data).toHaveLength(1);
  expect(await mistral.files.retrieve({ fileId: sent.id })).toMatchObject({ id: sent.id, deleted: false });
  expect(await new Response(await mistral.files.download({ fileId: sent.id })).text()).toBe(sampleLine);
  expect(await mistral.files.delete({ fileId: sent.id })).toEqual({ id: sent.id, object: "file", deleted: true });
  const openai = new OpenAI({ apiKey: secret, baseURL: `${base}/v1` });
  const other = await openai.files.create({ file: new File([content], "ours.jsonl"), purpose: "fine-tune" });
  expect(other).toMatchObject({ object: "file", filename: "ours.jsonl", bytes: sampleLine.length });
  expect(await (await openai.files.content(other.id)).text()).toBe(sampleLine);
  expect(await openai.files.delete(other.id)).toMatchObject({ deleted: true });
});

test("fine-tuning 12: a body may take as long as it takes while something comes; a client that falls silent is cut off", async () => {
  const short = await openV1(sql, undefined, { silentMs: 400 });
  const secret = await secretOf(await place());
  const { begin: send } = filesAt(short.port, sql);
  async function* dripping() {
    yield fileHead;
    // Longer than the patience altogether, never as long between two pieces.
    for (const sign of sampleLine) {
      yield Buffer.from(sign);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    yield formEnd;
  }
  const [slow] = (await once(send(secret, dripping()), "response")) as [http.IncomingMessage];
  expect(slow.statusCode).toBe(200);
  slow.resume();
  const request = send(secret, [fileHead], 1000);
  await new Promise((resolve) => request.once("close", resolve));
  expect(request.destroyed).toBe(true);
  await short.close();
});
