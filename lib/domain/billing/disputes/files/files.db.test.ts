import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { deskDispute } from "#lib/domain/billing/desk/account/queries.ts";
import { answerDispute, withdrawDispute, writeMessage } from "#lib/domain/billing/disputes/commands.ts";
import { dispute as disputeOf } from "#lib/domain/billing/disputes/queries.ts";
import { openLook } from "#lib/domain/staff/access/commands.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testBills } from "#lib/testing/bills.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { disputeFile, disputeFileForStaff } from "./queries.ts";
import { messageLimits, mostFiles } from "./rules.ts";

const { db, sql } = await testDatabase();

let made = 0;
async function disputed(): Promise<{ ctx: Context; disputeId: Id<"dispute"> }> {
  const ctx = await testWorkspace(db);
  made += 1;
  const { dispute } = await testBills({ db, sql, ctx, word: `file${made}` });
  return { ctx, disputeId: dispute };
}

const pdf = (words: string, name = "meter.pdf") => new File([`%PDF-1.7 ${words}`], name);
const staff = (ctx: Context): AccountContext => staffAt("billing", new Date(ctx.now.getTime() + 60_000));
const look = (desk: AccountContext, { organizationId }: Context) =>
  openLook(desk, { organizationId, reason: "billing", words: "They dispute an invoice." });

async function bytesAt(key: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of await storage().read(key)) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function kept(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage().list(prefix)) keys.push(key);
  return keys;
}

test("T-5.2-DISP: customer and staff send files with their messages, kept once by their hash, read by both", async () => {
  const { ctx, disputeId } = await disputed();
  const { organizationId } = ctx;
  const csv = new File(["day,requests\n2026-11-01,7\n"], "our meter.csv");
  await writeMessage(ctx, { disputeId, body: "Our own meter says less.", files: [pdf("one"), csv] });
  const desk = staff(ctx);
  await look(desk, ctx);
  await answerDispute(desk, { organizationId, disputeId, body: "Here is ours.", files: [pdf("one", "ours.pdf")] });
  const { messages } = await disputeOf(ctx, disputeId);
  expect(messages.map(({ from, files }) => [from, files.map(({ name, kind }) => `${name} ${kind}`)])).toEqual([
    ["customer", ["meter.pdf pdf", "our meter.csv csv"]],
    ["staff", ["ours.pdf pdf"]],
  ]);
  expect((await deskDispute(desk, organizationId, disputeId)).messages).toEqual(messages);
  expect(await kept(`disputes/${organizationId}/`)).toHaveLength(2);
  for (const { id, name } of messages.flatMap(({ files }) => files)) {
    const [mine, theirs] = [
      await disputeFile(ctx, disputeId, id),
      await disputeFileForStaff(desk, organizationId, disputeId, id),
    ];
    expect(theirs).toEqual(mine);
    expect(await bytesAt(mine.key)).toBe(name.endsWith("csv") ? await csv.text() : "%PDF-1.7 one");
  }
  const audit = await sql`select actor_kind, after from audit_events
    where organization_id = ${organizationId} and action = 'dispute.write' order by sequence`;
  expect(audit.map((row) => [row.actor_kind, row.after.files.length])).toEqual([
    ["user", 2],
    ["staff", 1],
  ]);
  const letters = await sql`select text from letters
    where organization_id = ${organizationId} and kind = 'billing.dispute-message'`;
  expect(letters.length).toBeGreaterThan(0);
  for (const { text } of letters) expect(text).toContain("ours.pdf");
});

test("a file is for those who see its organization's bills: not for another tenant, role, dispute, or staff without a reason", async () => {
  const { ctx, disputeId } = await disputed();
  await writeMessage(ctx, { disputeId, body: "See the file.", files: [pdf("secret")] });
  const [file] = (await disputeOf(ctx, disputeId)).messages.flatMap(({ files }) => files);
  const id = file?.id as Id<"disputeFile">;
  const other = await disputed();
  await expect(disputeFile(other.ctx, disputeId, id)).rejects.toMatchObject({ problem: "not_found" });
  await expect(disputeFile(other.ctx, other.disputeId, id)).rejects.toMatchObject({ problem: "not_found" });
  await expect(disputeFile(ctx, other.disputeId, id)).rejects.toMatchObject({ problem: "not_found" });
  const worker = await testWorkspace(db, { within: ctx, roles: ["workspace_admin"] });
  await expect(disputeFile(worker, disputeId, id)).rejects.toMatchObject({ problem: "forbidden" });
  await expect(writeMessage(worker, { disputeId, body: "Mine.", files: [pdf("x")] })).rejects.toMatchObject({
    problem: "forbidden",
  });
  const { organizationId } = ctx;
  const read = (desk: AccountContext) => disputeFileForStaff(desk, organizationId, disputeId, id);
  await expect(read(staff(ctx))).rejects.toMatchObject({ code: "look_required" });
  await expect(read(staffAt("support", ctx.now))).rejects.toMatchObject({ problem: "forbidden" });
  const desk = staff(ctx);
  await look(desk, other.ctx);
  await expect(read(desk)).rejects.toMatchObject({ code: "look_required" });
  await look(desk, ctx);
  expect((await read(desk)).name).toBe("meter.pdf");
  const wrong = disputeFileForStaff(desk, other.ctx.organizationId, disputeId, id);
  await expect(wrong).rejects.toMatchObject({ problem: "not_found" });
});

test("what is not what its name says keeps neither message nor file, and a closed dispute takes none", async () => {
  const { ctx, disputeId } = await disputed();
  const wrong = [pdf("fine"), new File(["MZ\0\0"], "tool.pdf")];
  await expect(writeMessage(ctx, { disputeId, body: "Look.", files: wrong })).rejects.toMatchObject({
    problem: "invalid",
    fields: { files: [expect.stringContaining("tool.pdf")] },
  });
  expect((await disputeOf(ctx, disputeId)).messages).toEqual([]);
  await withdrawDispute(ctx, { disputeId });
  await expect(writeMessage(ctx, { disputeId, body: "Late.", files: [pdf("late")] })).rejects.toMatchObject({
    problem: "conflict",
  });
  expect(await kept(`disputes/${ctx.organizationId}/`)).toEqual([]);
});

test(`a dispute takes ${mostFiles} files and no more`, async () => {
  const { ctx, disputeId } = await disputed();
  const five = Array.from({ length: messageLimits.files }, (_, n) => pdf(String(n), `${n}.pdf`));
  for (let sent = 0; sent < mostFiles; sent += five.length)
    await writeMessage(ctx, { disputeId, body: "More.", files: five });
  await expect(writeMessage(ctx, { disputeId, body: "And one.", files: [pdf("x")] })).rejects.toMatchObject({
    fields: { files: [`A dispute has at most ${mostFiles} files.`] },
  });
  await writeMessage(ctx, { disputeId, body: "Words still go." });
});
