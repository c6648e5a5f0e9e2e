import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { systemPermissions } from "#lib/core/access/system-permissions.ts";
import { addDays } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants, type Context, inOrganization, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { compose } from "#lib/core/mail/letter.ts";
import { reportBounce, resendLetter } from "#lib/domain/notices/commands.ts";
import { deliverLetter } from "#lib/domain/notices/jobs.ts";
import { mailServer } from "#lib/testing/mail-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { announce, type NoticeHooks, runNotices, settleNotices, sweepRuns } from "./commands.ts";
import { noticeAbout, noticeProof, noticeRun } from "./queries.ts";
import { confirmService, recordService } from "./serving/commands.ts";

const { db, sql } = await testDatabase();
const mail = await mailServer();
const { SMTP_URL: url } = env();
afterAll(() => mail.close());

const start = new Date("2026-12-01T10:00:00Z");
const planned = addDays(start, 31);

const job = (now: Date, id = "test"): AccountContext =>
  acrossTenants({
    db,
    now,
    actor: { kind: "system", id, name: id, permissions: new Set(systemPermissions) },
    origin: { address: "internal", agent: "vitest" },
  });

let lost: string[] = [];
const later = (one: Date, other: Date) => (one > other ? one : other);
const hooks: NoticeHooks = {
  kinds: [
    {
      about: "terms",
      factsOf: async (_ctx, { aboutId }) => aboutId,
      letter: (facts, to) => compose({ kind: "terms.announced", to, subject: `About ${facts}`, before: ["Text"] }),
      effectiveAt: (_facts, noticedAt, plannedAt) => later(plannedAt, addDays(noticedAt, 30)),
    },
  ],
  onLost: async (_ctx, { id }) => void lost.push(id),
  onGiven: async () => undefined,
};

let names = 0;
let run: { about: "terms"; aboutId: string };
beforeEach(async () => {
  Object.assign(mail, { letters: [], mood: "takes" });
  env().APPROVERS = 2;
  delete env().SMTP_URL;
  lost = [];
  names += 1;
  run = { about: "terms", aboutId: `publication-${names}` };
  await sql`update agreements set ended_at = starts_at where ended_at is null`;
  await sql`delete from notice_runs`;
  await sql`delete from legal_notices`;
  await sql`delete from letters`;
});

async function customer(startsAt = "2026-01-01"): Promise<Context> {
  const ctx = await testWorkspace(db);
  await sql`update organizations set first_use_at = ${startsAt}, registration_email = ${`legal-${names}-${ctx.organizationId}@example.com`}
    where id = ${ctx.organizationId}`;
  return ctx;
}

const announced = (now = start) =>
  transaction(job(now), (ctx) => announce(ctx, { ...run, clause: "T-7-SUB", plannedAt: planned }));
const notice = async (ctx: Context) => {
  const found = await noticeAbout(ctx, "terms", run.aboutId);
  if (!found) throw new Error("There is no notice.");
  return found;
};
const lettersOf = ({ organizationId }: Context) =>
  sql`select id, recipient, state from letters where organization_id = ${organizationId} order by id`;
const withMailServer = () => {
  env().SMTP_URL = url;
};

describe("contract 10: a run", () => {
  test("contract 10, T-7-SUB: writes to every running agreement, to the registration contact first, and once", async () => {
    const [one, other] = [await customer(), await customer()];
    const late = await customer("2026-12-01T10:00:00.001Z");
    const ended = await customer();
    await sql`update agreements set ended_at = '2026-11-01' where organization_id = ${ended.organizationId}`;
    await announced();
    expect(await runNotices(job(start), run, hooks)).toBe(2);
    expect(await runNotices(job(start), run, hooks)).toBe(0);
    for (const ctx of [one, other]) {
      const { letterIds, noticedAt, effectiveAt } = await notice(ctx);
      const letters = await lettersOf(ctx);
      expect(letters).toHaveLength(2);
      expect(letters.find(({ id }) => id === letterIds[0])?.recipient).toMatch(/^legal-/);
      // Without a mail server a letter is given when it is written.
      expect([noticedAt, effectiveAt]).toEqual([start, planned]);
    }
    for (const ctx of [late, ended]) expect(await lettersOf(ctx)).toHaveLength(0);
  });

  test("contract 10: killed half way it goes on, and two at once write no letter twice", async () => {
    const customers = [await customer(), await customer(), await customer()];
    await announced();
    let written = 0;
    const dies: NoticeHooks = {
      ...hooks,
      kinds: hooks.kinds.map((kind) => ({
        ...kind,
        onPosted: async () => {
          written += 1;
          if (written === 2) throw new Error("killed");
        },
      })),
    };
    await expect(runNotices(job(start), run, dies)).rejects.toThrow("killed");
    expect(await noticeRun(job(start), run)).toMatchObject({ posted: 0, endedAt: null });
    await Promise.all([runNotices(job(start), run, hooks), sweepRuns(job(start), hooks), sweepRuns(job(start), hooks)]);
    for (const ctx of customers) expect(await lettersOf(ctx)).toHaveLength(2);
    expect(await noticeRun(job(start), run)).toMatchObject({ posted: 3, given: 3, endedAt: start });
  });

  test("contract 10: what is announced twice is refused, and nothing exists of an announcement that was undone", async () => {
    await announced();
    await expect(announced()).rejects.toThrow("announced already");
    run = { about: "terms", aboutId: "undone" };
    await expect(
      transaction(job(start), async (ctx) => {
        await announce(ctx, { ...run, clause: "T-7-SUB", plannedAt: planned });
        throw new Error("undone");
      }),
    ).rejects.toThrow("undone");
    await expect(noticeRun(job(start), run)).rejects.toThrow("Nothing was announced");
  });
});

describe("contract 9: when a notice is given", () => {
  const sendAll = async (ctx: Context, now: Date, mood: (recipient: string) => typeof mail.mood = () => "takes") => {
    for (const { id, recipient, state } of await lettersOf(ctx)) {
      if (state !== "queued") continue;
      mail.mood = mood(recipient);
      await deliverLetter.perform({ letterId: id }).catch(() => undefined);
    }
    // The delivery reads the clock itself; here it is the test's.
    await sql`update letters set sent_at = ${now} where organization_id = ${ctx.organizationId} and state = 'sent' and sent_at > '2026-01-01' and sent_at not in (select noticed_at from legal_notices where noticed_at is not null)`;
    await sql`update letters set bounced_at = ${now} where organization_id = ${ctx.organizationId} and state = 'bounced'`;
  };

  test("contract 9, T-7-SUB: not before the mail server took the contact's letter; a late one moves its own customer only", async () => {
    withMailServer();
    const [early, late] = [await customer(), await customer()];
    await announced();
    await runNotices(job(start), run, hooks);
    await settleNotices(job(start), hooks);
    expect((await notice(early)).noticedAt).toBeNull();
    const minute = new Date(start.getTime() + 60_000);
    await sendAll(early, minute);
    await settleNotices(job(minute), hooks);
    expect(await notice(early)).toMatchObject({ noticedAt: minute, effectiveAt: planned });
    expect((await notice(late)).noticedAt).toBeNull();
    await sweepRuns(job(minute), hooks);
    expect((await noticeRun(job(minute), run)).effectiveAt).toBeNull();
    const twoDays = addDays(start, 3);
    await sendAll(late, twoDays);
    await settleNotices(job(twoDays), hooks);
    expect(await notice(late)).toMatchObject({ noticedAt: twoDays, effectiveAt: addDays(twoDays, 30) });
    expect((await notice(early)).effectiveAt).toEqual(planned);
    await sweepRuns(job(twoDays), hooks);
    expect((await noticeRun(job(twoDays), run)).effectiveAt).toEqual(addDays(twoDays, 30));
  });

  test("contract 9, T-4.2.1-DISC3: where the contact's letter is refused, the admin's counts; where none arrives, it is lost until sent again", async () => {
    withMailServer();
    const ctx = await customer();
    await announced();
    await runNotices(job(start), run, hooks);
    await sendAll(ctx, start, (to) => (to.startsWith("legal-") ? "knows nobody" : "takes"));
    await settleNotices(job(start), hooks, ctx);
    expect((await notice(ctx)).noticedAt).toEqual(start);

    const alone = await customer();
    await runNotices(job(start), run, hooks);
    expect(await lettersOf(alone)).toHaveLength(2);
    await sendAll(alone, start, () => "knows nobody");
    await settleNotices(job(start), hooks);
    const { id, noticedAt } = await notice(alone);
    expect([noticedAt, lost]).toEqual([null, [id]]);
    const [letter] = await lettersOf(alone);
    const tomorrow = addDays(start, 1);
    await resendLetter(job(tomorrow), { id: letter?.id });
    await sendAll(alone, tomorrow);
    await settleNotices(job(tomorrow), hooks);
    expect(await notice(alone)).toMatchObject({ noticedAt: tomorrow, effectiveAt: addDays(tomorrow, 30) });
  });

  test("contract 9: a bounce within seven days takes the notice back to the admin's letter, and a later one does not", async () => {
    withMailServer();
    const ctx = await customer();
    await announced();
    await runNotices(job(start), run, hooks);
    await sendAll(ctx, start);
    await settleNotices(job(start), hooks);
    const { letterIds } = await notice(ctx);
    const [contact, admin] = letterIds as [`let_${string}`, `let_${string}`];
    const slow = addDays(start, 2);
    await sql`update letters set sent_at = ${slow} where id = ${admin}`;
    await reportBounce(job(addDays(start, 7)), { id: contact, reason: "mailbox is gone" });
    expect((await notice(ctx)).noticedAt).toBeNull();
    await settleNotices(job(addDays(start, 7)), hooks);
    expect(await notice(ctx)).toMatchObject({ noticedAt: slow, effectiveAt: addDays(slow, 30) });
    await reportBounce(job(addDays(slow, 8)), { id: admin, reason: "mailbox is gone" });
    await settleNotices(job(addDays(slow, 8)), hooks);
    expect((await notice(ctx)).noticedAt).toEqual(slow);
  });

  test("contract 9: other service counts once a second person confirms it, and one person alone is on record as alone", async () => {
    withMailServer();
    const ctx = await customer();
    await announced();
    await runNotices(job(start), run, hooks);
    await sendAll(ctx, start, () => "knows nobody");
    const { id } = await notice(ctx);
    const at = addDays(start, 1);
    const now = addDays(start, 2);
    const words = "Handed over by a bailiff, reference 12/345";
    await expect(recordService(job(now), { id, at: addDays(now, 1), words })).rejects.toThrow(
      "Check the marked fields",
    );
    await recordService(job(now), { id, at, words });
    await settleNotices(job(now), hooks);
    expect((await notice(ctx)).noticedAt).toBeNull();
    await expect(confirmService(job(now), { id })).rejects.toThrow("another person");
    await confirmService(job(now, "second"), { id });
    await settleNotices(job(now), hooks);
    expect(await notice(ctx)).toMatchObject({ noticedAt: at, effectiveAt: addDays(at, 30), servedBy: "second" });
    await expect(recordService(job(now), { id, at, words })).rejects.toThrow("given already");

    env().APPROVERS = 1;
    await sql`update legal_notices set noticed_at = null, effective_at = null, served_by = null`;
    await recordService(job(now), { id, at, words });
    const [row] =
      await sql`select after from audit_events where action = 'legal_notice.record-service' and after ->> 'approvers' = '1'`;
    expect(row?.after).toMatchObject({ approvers: 1 });
  });

  test("contract 9: the database refuses a date of terms earlier than 720 hours after the notice", async () => {
    const ctx = await customer();
    const early = {
      ...hooks,
      kinds: hooks.kinds.map((kind) => ({ ...kind, effectiveAt: (_: unknown, at: Date) => addDays(at, 29) })),
    };
    await transaction(job(start), (tx) => announce(tx, { ...run, clause: "T-7-SUB", plannedAt: start }));
    await expect(runNotices(job(start), run, early)).rejects.toThrow();
    expect(await noticeAbout(ctx, "terms", run.aboutId)).toBeNull();
  });
});

test("contract 9: the certificate shows each letter with the mail server's answer, to its own customer only", async () => {
  withMailServer();
  const [ctx, foreign] = [await customer(), await customer()];
  await announced();
  await runNotices(job(start), run, hooks);
  const { id, letterIds } = await notice(ctx);
  await deliverLetter.perform({ letterId: letterIds[0] });
  const reading = { ...ctx, actor: { ...ctx.actor, permissions: new Set(["contract.read"] as const) } };
  const { letters } = await noticeProof(reading as Context, id);
  expect(letters[0]).toMatchObject({
    state: "sent",
    tries: [{ outcome: "sent", answer: expect.stringMatching(/^250 /) }],
  });
  const wrong = inOrganization({ ...reading, db: foreign.db }, foreign.organizationId);
  await expect(noticeProof(wrong, id)).rejects.toThrow("no such notice");
  await expect(noticeProof(ctx, newId("legalNotice", start))).rejects.toThrow("no such notice");
});
