import { beforeEach, expect, test, vi } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes } from "#lib/core/clock.ts";
import { type AccountContext, type Context, transaction } from "#lib/core/context.ts";
import { objectNames } from "#lib/domain/audit/words/queries.ts";
import { openLines } from "#lib/domain/files/contents/commands.ts";
import { resolveTicket } from "#lib/domain/help/commands.ts";
import { ticketOf } from "#lib/domain/help/queries.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { askForAssistance, testFile, testStaff } from "#lib/testing/assistance.ts";
import { later } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { agreeToAssistance, expireAssistance, revokeAssistance } from "./commands.ts";
import {
  approveAssistance,
  closeAssistance,
  declineAssistance,
  offerAssistance,
  unlockAssistance,
} from "./desk/commands.ts";
import { deskGrant, deskGrants } from "./desk/queries.ts";
import { grantsOf } from "./queries.ts";
import { readUnderGrant } from "./reading/commands.ts";
import type { Opener } from "./view.ts";

const { db, sql } = await testDatabase();
const purpose = "Find the lines that make our training fail.";

let ctx: Context;
let [ada, bo]: AccountContext[] = [];
let named: { organizationId: Id<"organization">; id: Id<"assistanceGrant"> };
let file: Id<"file">;
let other: Id<"file">;

const idOf = (of: AccountContext | undefined) => of?.actor.id as Id<"user">;
const desk = (): AccountContext => ada as AccountContext;
const opener =
  (of: AccountContext): Opener =>
  (what, from, count) =>
    openLines(of, what, from, count);
const read = (of: AccountContext = desk(), fileId = file, from = 0, open = opener(of)) =>
  readUnderGrant(of, { ...named, fileId, from }, open);

beforeEach(async () => {
  ctx = await testWorkspace(db);
  [ada, bo] = [await testStaff(db, ctx, "Ada Staff"), await testStaff(db, ctx, "Bo Staff", "admin")];
  [file, other] = [await testFile(ctx, 120), await testFile(ctx, 3, "other.jsonl")];
  const ticketId = await askForAssistance(ctx);
  const [row] = await sql`select record_id as id from tickets where id = ${ticketId}`;
  named = { organizationId: ctx.organizationId, id: row?.id };
});

async function granted(): Promise<void> {
  await approveAssistance(desk(), named);
  await offerAssistance(desk(), { ...named, staffIds: [idOf(ada), idOf(bo)], days: 7, purpose });
  await agreeToAssistance(ctx, { id: named.id, fileIds: [file], staffIds: [idOf(ada)], days: 3 });
}
async function active(): Promise<void> {
  await granted();
  await unlockAssistance(desk(), { ...named, purpose });
}

const refused = (words: string) => ({ problem: "forbidden", message: expect.stringContaining(words) });
const actionsOf = async () =>
  (
    await sql`select action, actor_name as name from audit_events
      where organization_id = ${ctx.organizationId} and action like 'assistance.%' order by sequence`
  ).map(({ action, name }) => `${action.slice(11)} by ${name}`);

test("help-zdr 28 (T-4.2.3-ASSIST): asked for, approved, offered, agreed to, and read page by page, each in the customer's log first", async () => {
  await active();
  const page = await read();
  expect(page).toMatchObject({ from: 0, total: 120, linesLeft: 450 });
  expect(page.lines).toHaveLength(50);
  expect(page.lines[49]).toEqual({ number: 49, text: '{"text":"set.jsonl line 49"}', isCut: false });
  const last = await read(later(desk(), 1), file, 100);
  expect(last.lines.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, n) => 100 + n));
  await expect(read(desk(), file, 120)).rejects.toMatchObject({ problem: "invalid" });
  expect(await actionsOf()).toEqual([
    "request by Test Person",
    "approve by Ada Staff",
    "offer by Ada Staff",
    "grant by Test Person",
    "unlock by Ada Staff",
    "read by Ada Staff",
    "read by Ada Staff",
  ]);
  const names = await objectNames(ctx, [named.id, file]);
  expect([names.get(named.id), names.get(file)]).toEqual([expect.stringMatching(/^T-\d+$/), "set.jsonl"]);
  const [seen] = await grantsOf(ctx);
  expect(seen).toMatchObject({
    state: "active",
    purpose,
    files: [{ name: "set.jsonl" }],
    staff: [{ name: "Ada Staff" }],
  });
  expect(seen?.reads.map(({ firstLine, lines, staffName }) => [firstLine, lines, staffName])).toEqual([
    [100, 20, "Ada Staff"],
    [0, 50, "Ada Staff"],
  ]);
  expect((await deskGrants(desk()))[0]).toMatchObject({ id: named.id, state: "active" });
  expect(await deskGrant(desk(), named.id)).toMatchObject({ isNamed: true, unlockedUntil: expect.any(Date) });
  expect(await deskGrant(bo as AccountContext, named.id)).toMatchObject({ isNamed: false, unlockedUntil: null });
  const letters =
    await sql`select distinct kind from letters where organization_id = ${ctx.organizationId} and kind like 'assistance.%' order by 1`;
  expect(letters.map(({ kind }) => kind)).toEqual(["assistance.offered", "assistance.used"]);
});

test("help-zdr 28 (T-4.2.3-ASSIST): the row of a page is committed before anything is opened, and nothing is opened in a transaction", async () => {
  await active();
  const seen: number[] = [];
  const open: Opener = async (what, from, count) => {
    const [row] = await sql`select count(*)::int as rows from audit_events
      where organization_id = ${ctx.organizationId} and action = 'assistance.read'`;
    seen.push(row?.rows);
    return openLines(desk(), what, from, count);
  };
  await read(desk(), file, 0, open);
  await read(desk(), file, 50, open);
  expect(seen).toEqual([1, 2]);
  const unused = vi.fn<Opener>();
  const within = transaction(desk(), (ctx) => readUnderGrant(ctx, { ...named, fileId: file, from: 0 }, unused));
  await expect(within).rejects.toThrow("outside of transactions");
  expect(unused).not.toHaveBeenCalled();
  const dies: Opener = () => Promise.reject(new Error("The reader died."));
  await expect(read(desk(), file, 0, dies)).rejects.toThrow("The reader died.");
  expect((await actionsOf()).filter((one) => one.startsWith("read"))).toHaveLength(3);
});

/** Each of the four facts, and how it is taken away where it lies. */
const facts: Record<string, () => Promise<unknown>> = {
  request: () => sql`update tickets set record_id = null where record_id = ${named.id}`,
  approval: async () => {
    await sql`alter table assistance_grants drop constraint if exists assistance_grants_offered, drop constraint if exists assistance_grants_live`;
    await sql`update assistance_grants set approved_by = null, approved_at = null where id = ${named.id}`;
  },
  agreement: async () => {
    await sql`alter table assistance_grants drop constraint if exists assistance_grants_live`;
    await sql`update assistance_grants set agreed_by = null, agreed_at = null, ends_at = null where id = ${named.id}`;
  },
  unlock: () => sql`delete from assistance_unlocks where grant_id = ${named.id}`,
};

test.each(Array.from({ length: 15 }, (_, set) => set))(
  "help-zdr 28 (T-4.2.3-ASSIST): with set %i of the four facts staff get 403, nothing is opened, and nothing is written",
  async (set) => {
    await active();
    for (const [bit, take] of Object.values(facts).entries()) if ((set & (1 << bit)) === 0) await take();
    const open = vi.fn<Opener>();
    await expect(read(desk(), file, 0, open)).rejects.toMatchObject({ problem: "forbidden" });
    expect(open).not.toHaveBeenCalled();
    expect((await actionsOf()).filter((one) => one.startsWith("read"))).toEqual([]);
    const verdicts = await verify(systemContext("test"));
    const ours = verdicts.find(({ name }) => name.includes("T-4.2.3-ASSIST"));
    // What is missing of one that counts as read, the terminal finds too.
    expect(ours?.violations).toBeGreaterThan(0);
    await sql`delete from assistance_grants where id = ${named.id}`;
  },
);

test("help-zdr 28 (T-4.2.3-ASSIST): another file, another person and another customer's are 403 or not there", async () => {
  await active();
  await expect(read(desk(), other)).rejects.toMatchObject(refused("other files"));
  await expect(read(bo as AccountContext)).rejects.toMatchObject(refused("other people"));
  await expect(unlockAssistance(bo as AccountContext, { ...named, purpose })).rejects.toMatchObject(
    refused("other people"),
  );
  await expect(unlockAssistance(desk(), { ...named, purpose: "To look around." })).rejects.toMatchObject({
    problem: "invalid",
  });
  const stranger = await testWorkspace(db);
  const theirs = { organizationId: stranger.organizationId, id: named.id };
  await expect(readUnderGrant(desk(), { ...theirs, fileId: file, from: 0 }, opener(desk()))).rejects.toMatchObject({
    problem: "not_found",
  });
  expect(await grantsOf(stranger)).toEqual([]);
  await expect(revokeAssistance(stranger, { id: named.id })).rejects.toMatchObject({ problem: "not_found" });
  const billing = await testStaff(db, ctx, "Cy Staff", "billing");
  await expect(read(billing)).rejects.toMatchObject({ problem: "forbidden" });
  await expect(approveAssistance(ctx, named)).rejects.toMatchObject({ problem: "forbidden" });
});

test("help-zdr 28 (T-4.2.3-ASSIST): what the customer ends while a page is being opened is not shown, and nothing after it", async () => {
  await active();
  const revoking: Opener = async (what, from, count) => {
    await revokeAssistance(ctx, { id: named.id });
    return openLines(desk(), what, from, count);
  };
  await expect(read(desk(), file, 0, revoking)).rejects.toMatchObject(refused("ended"));
  await expect(read()).rejects.toMatchObject(refused("ended"));
  await expect(unlockAssistance(desk(), { ...named, purpose })).rejects.toMatchObject({ problem: "conflict" });
  const letters =
    await sql`select kind from letters where organization_id = ${ctx.organizationId} and kind = 'assistance.ended'`;
  expect(letters.length).toBeGreaterThan(0);
});

test("help-zdr 28 (T-4.2.3-ASSIST): what expires while a page is being opened is not shown", async () => {
  await active();
  const late = later(desk(), 119);
  const slow: Opener = async (what, from, count) => {
    const lines = await openLines(desk(), what, from, count);
    const begun = performance.now();
    vi.spyOn(performance, "now").mockReturnValue(begun + 60_001);
    return lines;
  };
  await expect(read(late, file, 0, slow)).rejects.toMatchObject(refused("Repeat the purpose"));
  vi.restoreAllMocks();
  expect((await read(late)).lines).toHaveLength(50);
});

test("help-zdr 28 (T-4.2.3-ASSIST): two hours, then the purpose again; three days, then never", async () => {
  await active();
  await expect(read(later(desk(), 120))).rejects.toMatchObject(refused("Repeat the purpose"));
  const next = later(desk(), 130);
  await unlockAssistance(next, { ...named, purpose: ` ${purpose.toUpperCase()}\n` });
  expect((await read(next)).lines).toHaveLength(50);
  const over = { ...desk(), now: addDays(ctx.now, 3) };
  await expect(read(over)).rejects.toMatchObject(refused("ended"));
  await expect(unlockAssistance(over, { ...named, purpose })).rejects.toMatchObject(refused("ended"));
  expect(await expireAssistance({ ...systemContext("test"), now: over.now })).toBeGreaterThan(0);
  expect((await grantsOf(ctx))[0]).toMatchObject({ state: "ended", endReason: "expired" });
});

test("help-zdr 28 (T-4.2.3-ASSIST): 500 lines an hour, also when many pages are asked for at once", async () => {
  await active();
  const long = await testFile(ctx, 700, "long.jsonl");
  await sql`update assistance_grants set file_ids = ${[long]} where id = ${named.id}`;
  const tried = await Promise.allSettled(Array.from({ length: 14 }, (_, n) => read(desk(), long, n * 50)));
  const read50 = tried.filter(({ status }) => status === "fulfilled").length;
  expect(read50).toBe(10);
  for (const one of tried) if (one.status === "rejected") expect(one.reason).toMatchObject({ problem: "rate_limited" });
  await expect(read(later(desk(), 59), long)).rejects.toMatchObject({ problem: "rate_limited" });
  expect((await read(later(desk(), 61), long)).linesLeft).toBe(450);
});

test("help-zdr 28 (T-4.2.3-ASSIST): an agreement is never more than the offer, and the offer lapses after 20 days", async () => {
  await approveAssistance(desk(), named);
  const offer = { ...named, staffIds: [idOf(ada)], days: 5, purpose };
  await expect(offerAssistance(desk(), { ...offer, staffIds: [ctx.actor.id as Id<"user">] })).rejects.toMatchObject({
    problem: "invalid",
  });
  await offerAssistance(desk(), offer);
  const agree = { id: named.id, fileIds: [file], staffIds: [idOf(ada)], days: 5 };
  const stranger = await testWorkspace(db);
  const wrong = [
    { ...agree, days: 6 },
    { ...agree, staffIds: [idOf(bo)] },
    { ...agree, fileIds: [await testFile(stranger, 1)] },
  ];
  for (const one of wrong) await expect(agreeToAssistance(ctx, one)).rejects.toMatchObject({ problem: "invalid" });
  const member = await testWorkspace(db, { within: ctx });
  await expect(agreeToAssistance(member, agree)).rejects.toMatchObject({ problem: "forbidden" });
  const late = { ...ctx, now: addMinutes(addDays(ctx.now, 20), 1) };
  await expect(agreeToAssistance(late, agree)).rejects.toMatchObject({ problem: "conflict" });
  await expireAssistance({ ...systemContext("test"), now: late.now });
  await expect(agreeToAssistance(ctx, agree)).rejects.toMatchObject({ problem: "conflict" });
  await expect(
    sql`update assistance_grants set state = 'granted', ended_at = null, end_reason = null, agreed_by = 'usr_x',
      agreed_at = offered_at, file_ids = '{file_x}', ends_at = offered_at + interval '15 days' where id = ${named.id}`,
  ).rejects.toThrow("assistance_grants_end");
});

test("T-4.2.3-ASSIST: declined with a reason, closed by staff, ended with its ticket; the ticket shows where it stands", async () => {
  const [ticket] = await sql`select id from tickets where record_id = ${named.id}`;
  const ticketId = ticket?.id as Id<"ticket">;
  expect((await ticketOf(ctx, ticketId)).record).toMatchObject({
    title: "Assistance",
    words: "Requested",
    isDecided: false,
  });
  await expect(resolveTicket(ctx, { ticketId })).rejects.toMatchObject({ problem: "conflict" });
  await declineAssistance(desk(), { ...named, words: "We do not look at data of this kind." });
  expect((await ticketOf(ctx, ticketId)).record).toMatchObject({ words: "Declined", isDecided: true });
  await expect(approveAssistance(desk(), named)).rejects.toMatchObject({ problem: "conflict" });
  await resolveTicket(ctx, { ticketId });
  const second = await askForAssistance(ctx);
  const [row] = await sql`select record_id as id from tickets where id = ${second}`;
  named = { ...named, id: row?.id };
  await active();
  await sql`update tickets set state = 'resolved', resolved_at = now(), next_due_at = null where id = ${second}`;
  await expect(read()).rejects.toMatchObject(refused("ticket"));
  await expireAssistance({ ...systemContext("test"), now: ctx.now });
  expect((await grantsOf(ctx)).map(({ state, endReason }) => [state, endReason])).toContainEqual(["ended", "closed"]);
  await expect(closeAssistance(desk(), named)).rejects.toMatchObject({ problem: "conflict" });
});
