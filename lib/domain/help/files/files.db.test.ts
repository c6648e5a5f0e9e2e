import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { replyToTicket } from "#lib/domain/help/commands.ts";
import { answerTicket, uploadAnswerFile } from "#lib/domain/help/desk/commands.ts";
import { ticketOf } from "#lib/domain/help/queries.ts";
import { staffAt, systemAt } from "#lib/testing/billing.ts";
import { later, testTicket } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { sweepFiles, sweepOrphans, uploadFile } from "./commands.ts";
import { ticketFile, ticketFileForStaff } from "./queries.ts";
import { fileBytes, mostWaiting, storageKey, storagePrefix } from "./rules.ts";

const { db, sql } = await testDatabase();
// What other runs left in the storage would count as without a row.
env().DATA_DIR = fs.mkdtempSync(path.join(os.tmpdir(), "comptoir-tickets-"));

const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const upload = (ctx: Context, name = "shot.png", bytes: Buffer = png) => uploadFile(ctx, { name, bytes });

async function kept(prefix = storagePrefix): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage().list(prefix)) keys.push(key);
  return keys;
}

async function raw(key: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await storage().read(key)) pieces.push(piece);
  return Buffer.concat(pieces);
}

test("files of both sides are sealed in the storage and come back byte by byte to who sees the ticket", async () => {
  const ctx = await testWorkspace(db);
  const secret = Buffer.from("day,requests\n2026-11-01,wolverine\n");
  const sent = [await upload(ctx), await upload(ctx, "../meter\u202e.csv", secret)];
  const id = await testTicket(ctx, { files: sent.map((file) => file.id) });
  const desk = staffAt("support", later(ctx, 1).now);
  const answer = await uploadAnswerFile(desk, id, { name: "ours.txt", bytes: Buffer.from("ok") });
  await answerTicket(desk, { ticketId: id, body: "See ours.", files: [answer.id], state: "waiting" });
  const { messages } = await ticketOf(ctx, id);
  expect(messages.map(({ files }) => files.map(({ name, kind }) => `${name} ${kind}`))).toEqual([
    ["meter.csv csv", "shot.png png"],
    ["ours.txt txt"],
  ]);
  const csv = sent[1]?.id as Id<"ticketFile">;
  expect((await ticketFile(ctx, id, csv)).bytes).toEqual(secret);
  expect((await ticketFileForStaff(desk, id, csv)).bytes).toEqual(secret);
  for (const key of await kept(`${storagePrefix}${ctx.organizationId}/`))
    expect((await raw(key)).includes("wolverine")).toBe(false);
});

test("a file is no one else's: not before its message, not of another ticket, another person or another customer", async () => {
  const ctx = await testWorkspace(db);
  const [mine, theirs] = [await upload(ctx), await upload(await testWorkspace(db, { within: ctx }))];
  const [id, otherId] = [await testTicket(ctx, { files: [mine.id] }), await testTicket(ctx)];
  const reply = (files: Id<"ticketFile">[]) => replyToTicket(ctx, { ticketId: id, body: "Look.", files });
  for (const files of [[theirs.id], [mine.id], [mine.id, theirs.id]])
    await expect(reply(files)).rejects.toMatchObject({ problem: "invalid", fields: { files: [expect.anything()] } });
  expect((await ticketOf(ctx, id)).messages).toHaveLength(1);
  const gone = { problem: "not_found" };
  const desk = staffAt("support", ctx.now);
  await expect(ticketFile(ctx, otherId, mine.id)).rejects.toMatchObject(gone);
  await expect(ticketFile(ctx, id, theirs.id)).rejects.toMatchObject(gone);
  await expect(ticketFile(await testWorkspace(db), id, mine.id)).rejects.toMatchObject(gone);
  await expect(ticketFileForStaff(desk, otherId, mine.id)).rejects.toMatchObject(gone);
  await expect(ticketFileForStaff(staffAt("billing", ctx.now), id, mine.id)).rejects.toMatchObject({
    problem: "forbidden",
  });
});

test.each([
  ["nothing at all", "void.txt", Buffer.alloc(0)],
  ["eleven megabytes", "big.txt", Buffer.alloc(11 * 1024 * 1024, "a")],
  ["one byte too many", "big.txt", Buffer.alloc(fileBytes + 1, "a")],
  ["a drawing that runs", "shot.png", Buffer.from("<svg onload='alert(1)'/>")],
  ["a page", "page.html", Buffer.from("<script>alert(1)</script>")],
  ["an archive", "all.txt", Buffer.from("PK\u0003\u0004\0", "latin1")],
])("%s is refused and leaves neither row nor object", async (_what, name, bytes) => {
  const ctx = await testWorkspace(db);
  await expect(upload(ctx, name, bytes)).rejects.toMatchObject({ problem: "invalid" });
  expect(await kept(`${storagePrefix}${ctx.organizationId}/`)).toEqual([]);
});

test("exactly ten megabytes are taken, and a ticket holds fifty", async () => {
  const ctx = await testWorkspace(db);
  const whole = Buffer.alloc(fileBytes, "a");
  const five = [];
  for (let n = 0; n < 5; n += 1) five.push((await upload(ctx, `${n}.txt`, whole)).id);
  const id = await testTicket(ctx, { files: five });
  const more = await upload(ctx, "more.txt", Buffer.from("a"));
  const reply = replyToTicket(ctx, { ticketId: id, body: "More.", files: [more.id] });
  await expect(reply).rejects.toMatchObject({ fields: { files: ["The files of a ticket come to 50 MB at most."] } });
});

test("what no message takes up is gone after an hour, row and object, and so is an object without a row", async () => {
  const ctx = await testWorkspace(db);
  const [waiting, taken] = [await upload(ctx), await upload(ctx)];
  await testTicket(ctx, { files: [taken.id] });
  const house = systemAt(db, ctx.now);
  await sweepFiles(later(house, 60));
  expect(await kept(`${storagePrefix}${ctx.organizationId}/`)).toHaveLength(2);
  await sweepFiles(later(house, 61));
  expect(await kept(`${storagePrefix}${ctx.organizationId}/`)).toEqual([storageKey(ctx.organizationId, taken.id)]);
  expect(await sql`select id from ticket_files where organization_id = ${ctx.organizationId}`).toEqual([
    { id: taken.id },
  ]);
  await storage().write(storageKey(ctx.organizationId, waiting.id), [png]);
  expect(await sweepOrphans(house)).toBe(0);
  expect(await sweepOrphans(later(house, 61))).toBe(1);
  expect(await kept(`${storagePrefix}${ctx.organizationId}/`)).toEqual([storageKey(ctx.organizationId, taken.id)]);
});

test("a person has only so many files waiting", async () => {
  const ctx = await testWorkspace(db);
  for (let n = 0; n < mostWaiting; n += 1) await upload(ctx);
  await expect(upload(ctx)).rejects.toMatchObject({ problem: "conflict" });
});
