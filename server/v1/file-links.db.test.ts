import { afterAll, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { keyedHash } from "#lib/core/secrets.ts";
import { signedText } from "#lib/domain/files/links/rules.ts";
import { filePart, sampleLine } from "#lib/testing/forms.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { rangeOf } from "./send-file.ts";
import { keyOf, openV1, rawAsk } from "./testing.ts";
import { filesAt } from "./testing-files.ts";

const { db, sql } = await testDatabase();
const v1 = await openV1(sql);
afterAll(v1.close);

const { upload } = filesAt(v1.port, sql);
const place = () => testWorkspace(db);
const secretOf = (ctx: Context) => keyOf(ctx, { scopes: ["files:write"] });

const talk = (n: number) => `{"messages":[{"role":"user","content":"${n}?"},{"role":"assistant","content":"${n}."}]}\n`;
const talks = (count: number) => Array.from({ length: count }, (_, n) => talk(n)).join("");

test("fine-tuning 6: a part of a file is sent as asked, opened from the frame it lies in", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const content = talks(4000);
  const { body } = await upload(secret, [filePart(content)]);
  const part = async (range: string, more: Record<string, string> = {}) => {
    const headers = { authorization: `Bearer ${secret}`, range, ...more };
    const answer = await rawAsk(v1.port)("GET", `/v1/files/${body.id}/content`, { headers });
    return [answer.status, answer.text, answer.headers["content-range"]];
  };
  const size = content.length;
  expect(await part("bytes=70000-70099")).toEqual([206, content.slice(70_000, 70_100), `bytes 70000-70099/${size}`]);
  expect(await part("bytes=65535-65536")).toEqual([206, content.slice(65_535, 65_537), `bytes 65535-65536/${size}`]);
  expect(await part("bytes=-10")).toEqual([206, content.slice(-10), `bytes ${size - 10}-${size - 1}/${size}`]);
  expect(await part(`bytes=${size}-`)).toEqual([416, "", `bytes */${size}`]);
  expect((await part("bytes=0-9", { "if-range": '"another"' }))[0]).toBe(200);
});

test.each([
  [undefined, undefined],
  ["bytes=0-", { first: 0, last: 99 }],
  ["bytes=0-1000", { first: 0, last: 99 }],
  ["bytes=-1000", { first: 0, last: 99 }],
  ["bytes=-0", null],
  ["bytes=5-4", undefined],
  ["bytes=0-1,5-6", undefined],
  ["lines=0-1", undefined],
  ["bytes=100-", null],
])("fine-tuning 6: of 100 bytes %s is %j", (header, range) => {
  expect(rangeOf(header, 100)).toEqual(range);
});

test("fine-tuning 6: a link works without a key until its time is over; changed, or after deletion, it leads nowhere", async () => {
  const ctx = await place();
  const secret = await secretOf(ctx);
  const { body } = await upload(secret, [filePart(sampleLine)]);
  const made = await v1.ask(secret, "GET", `/v1/files/${body.id}/url?expiry=1`);
  const { pathname, searchParams } = new URL(made.body.url);
  const open = (address: string, headers = {}) => rawAsk(v1.port)("GET", address, { headers });
  const address = `${pathname}?${searchParams}`;
  const got = await open(address);
  expect([got.status, got.text]).toEqual([200, sampleLine]);
  expect(got.headers).toMatchObject({
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-disposition": expect.stringContaining("attachment"),
  });
  expect((await open(address, { range: "bytes=0-3" })).text).toBe(sampleLine.slice(0, 4));
  const expires = Number(searchParams.get("expires"));
  const changed = `${pathname}?${new URLSearchParams({ expires: String(expires + 1), signature: searchParams.get("signature") ?? "" })}`;
  expect((await open(changed)).status).toBe(404);
  const [file] = await sql`select id from files where organization_id = ${ctx.organizationId}`;
  const past = { expires: "1700000000", signature: keyedHash(signedText(file?.id, body.signature, 1_700_000_000)) };
  const over = await open(`${pathname}?${new URLSearchParams(past)}`);
  expect([over.status, JSON.parse(over.text).type]).toEqual([410, "link_expired"]);
  const other = await upload(secret, [filePart(sampleLine, "other.jsonl")]);
  expect((await open(address.replace(body.id, other.body.id))).status).toBe(404);
  expect((await v1.ask(secret, "GET", `/v1/files/${body.id}/url?expiry=169`)).status).toBe(422);
  await v1.ask(secret, "DELETE", `/v1/files/${body.id}`);
  expect((await open(address)).status).toBe(404);
});
