import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants, transaction } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { compose } from "#lib/core/mail/letter.ts";
import { post } from "#lib/core/mail/post.ts";
import { mailServer } from "#lib/testing/mail-server.ts";
import { reportBounce } from "./commands.ts";
import { deliverLetter } from "./jobs.ts";
import { letter, outbox } from "./queries.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-11-23T10:00:00Z");

const reader = (permissions: Permission[] = ["letters.read"]): AccountContext =>
  acrossTenants({
    db,
    now: start,
    actor: { kind: "system", id: "test", name: "Test", permissions: new Set(permissions) },
    origin: { address: "internal", agent: "vitest" },
  });

const draft = (email: string) =>
  compose({
    kind: "test",
    to: { email, name: "Ada" },
    subject: "Hello",
    before: ["text"],
    link: { label: "Open", path: "/confirm?token=secret-1" },
  });

const mail = await mailServer();
const { SMTP_URL: url } = env();
afterAll(() => mail.close());
beforeEach(async () => {
  Object.assign(mail, { letters: [], mood: "takes" });
  delete env().SMTP_URL;
  await sql`delete from letters`;
  await sql`delete from graphile_worker._private_jobs`;
});

const withMailServer = () => {
  env().SMTP_URL = url;
};
const kept = async () =>
  (await sql`select state, attempts, error, text, message_id, answer, sent_at is not null as sent from letters`)[0];
const tries = () => sql`select number, outcome, answer from letter_attempts order by number`;

const queued = async () => (await sql`select key from graphile_worker.jobs`).map((job) => job.key);

describe("the outbox", () => {
  test("without a mail server keeps the letter to be read, whole", async () => {
    const id = await post(reader(), draft("ada@example.com"));
    expect(await kept()).toMatchObject({ state: "kept", attempts: 0 });
    expect((await letter(reader(), id)).text).toContain("token=secret-1");
  });

  test("T-4.2.1-DISC3: a letter and its delivery exist exactly when the change that caused them does", async () => {
    withMailServer();
    const undone = transaction(reader(), async (ctx) => {
      await post(ctx, draft("ada@example.com"));
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(await kept()).toBeUndefined();
    expect(await queued()).toEqual([]);
    const id = await post(reader(), draft("ada@example.com"));
    expect(await queued()).toEqual([`notices.deliver-letter:${id}`]);
  });

  test("a sent letter is handed over once, keeps its evidence and loses the key in it", async () => {
    withMailServer();
    const letterId = await post(reader(), draft("ada@example.com"));
    await deliverLetter.perform({ letterId });
    await deliverLetter.perform({ letterId });
    const all = mail.letters.join("");
    expect(all.match(/^Message-ID: /gm)).toHaveLength(1);
    expect(all).toContain(`<${letterId}@example.com>`);
    expect(await kept()).toMatchObject({
      state: "sent",
      attempts: 1,
      sent: true,
      error: null,
      message_id: `<${letterId}@example.com>`,
      answer: expect.stringMatching(/^250 /),
    });
    expect((await kept())?.text).toContain("token=[removed]");
    expect(await tries()).toMatchObject([{ number: 1, outcome: "sent", answer: expect.stringMatching(/^250 /) }]);
  });

  test("a mail server that is busy is asked again, and each time is kept with its answer", async () => {
    withMailServer();
    mail.mood = "is busy";
    const letterId = await post(reader(), draft("ada@example.com"));
    for (const i of [1, 2]) {
      await expect(deliverLetter.perform({ letterId })).rejects.toThrow(/451/);
      expect(await kept()).toMatchObject({ state: "queued", attempts: i, error: expect.stringContaining("451") });
    }
    mail.mood = "takes";
    await deliverLetter.perform({ letterId });
    expect(await kept()).toMatchObject({ state: "sent", attempts: 3, error: null });
    expect((await tries()).map(({ outcome }) => outcome)).toEqual(["deferred", "deferred", "sent"]);
  });

  test("T-4.2.1-DISC3: a mailbox that does not exist is a bounce at once, and no one tries again", async () => {
    withMailServer();
    for (const mood of ["knows nobody", "refuses the text"] as const) {
      await sql`delete from letters`;
      mail.mood = mood;
      const letterId = await post(reader(), draft("nobody@example.com"));
      await deliverLetter.perform({ letterId });
      await deliverLetter.perform({ letterId });
      expect(await kept()).toMatchObject({ state: "bounced", attempts: 1, error: expect.stringMatching(/55[04]/) });
      expect(await tries()).toMatchObject([{ number: 1, outcome: "bounced" }]);
    }
  });

  test("a sender that is refused is ours to mend: the letter waits, and does not count as a bounce", async () => {
    withMailServer();
    mail.mood = "refuses the sender";
    const letterId = await post(reader(), draft("ada@example.com"));
    await expect(deliverLetter.perform({ letterId })).rejects.toThrow(/550/);
    expect(await kept()).toMatchObject({ state: "queued" });
  });

  test("a connection that drops is tried again; after twelve times the letter counts as failed", async () => {
    withMailServer();
    mail.mood = "hangs up";
    const letterId = await post(reader(), draft("ada@example.com"));
    for (let i = 1; i <= 12; i++) {
      await expect(deliverLetter.perform({ letterId })).rejects.toThrow();
      expect(await kept()).toMatchObject({ state: i < 12 ? "queued" : "failed", attempts: i });
    }
    await deliverLetter.perform({ letterId });
    expect(await kept()).toMatchObject({ attempts: 12 });
    expect(mail.letters).toEqual([]);
    const [job] = await sql`select max_attempts from graphile_worker.jobs`;
    expect(job?.max_attempts).toBe(12);
  });

  test("T-4.2.1-DISC3: a letter that comes back later is a bounce from then on, with the reason", async () => {
    withMailServer();
    const letterId = await post(reader(), draft("ada@example.com"));
    await deliverLetter.perform({ letterId });
    await expect(reportBounce(reader(), { id: letterId, reason: "5.2.2 Mailbox full" })).rejects.toMatchObject({
      problem: "forbidden",
    });
    const operator = reader(["letters.decide"]);
    await reportBounce(operator, { id: letterId, reason: "5.2.2 Mailbox full" });
    await reportBounce(operator, { id: letterId, reason: "again" });
    expect(await kept()).toMatchObject({ state: "bounced", attempts: 2, error: "5.2.2 Mailbox full", sent: true });
    expect((await tries()).map(({ outcome }) => outcome)).toEqual(["sent", "bounced"]);
    await deliverLetter.perform({ letterId });
    expect(await kept()).toMatchObject({ state: "bounced" });
  });

  test("is read newest first, a page at a time, by part of the recipient", async () => {
    for (let i = 0; i < 53; i++) {
      await post(
        { ...reader(), now: addMinutes(start, i) },
        draft(i % 2 ? "Odd@example.com" : "even_100%@example.com"),
      );
    }
    const first = await outbox(reader(), { recipient: "", show: "all" as const });
    const second = await outbox(reader(), { recipient: "", show: "all", before: first.next });
    expect([first.rows.length, second.rows.length, second.next]).toEqual([50, 3, undefined]);
    expect(first.rows[0]?.createdAt).toEqual(addMinutes(start, 52));
    expect(new Set([...first.rows, ...second.rows].map((row) => row.id)).size).toBe(53);
    expect((await outbox(reader(), { recipient: "odd@", show: "all" as const })).rows).toHaveLength(26);
    expect((await outbox(reader(), { recipient: "%", show: "all" as const })).rows).toHaveLength(27);
  });

  test("is closed to the person who may not read letters, and an unknown letter is not found", async () => {
    const id = await post(reader(), draft("ada@example.com"));
    await expect(outbox(reader([]), { recipient: "", show: "all" as const })).rejects.toMatchObject({
      problem: "forbidden",
    });
    await expect(letter(reader([]), id)).rejects.toMatchObject({ problem: "forbidden" });
    await expect(letter(reader(), newId("letter", start))).rejects.toMatchObject({ problem: "not_found" });
    await expect(letter(reader(), "1 or 1=1")).rejects.toMatchObject({ problem: "not_found" });
  });
});
