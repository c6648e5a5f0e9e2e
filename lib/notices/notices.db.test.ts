import { createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import type { Permission } from "#lib/access/permissions.ts";
import { addMinutes } from "#lib/clock.ts";
import { type AccountContext, within } from "#lib/context.ts";
import { env } from "#lib/env.ts";
import { compose } from "#lib/mail/letter.ts";
import { post } from "#lib/mail/post.ts";
import { deliverLetter } from "./jobs.ts";
import { letter, outbox } from "./queries.ts";

const { db, sql } = await testDatabase();
const start = new Date("2026-11-23T10:00:00Z");

const reader = (permissions: Permission[] = ["letters.read"]): AccountContext => ({
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

/** Just enough of a mail server: takes letters, or refuses every recipient. */
const mail = { taken: [] as string[], refuses: false };
const server = createServer((socket) => {
  const say = (line: string) => socket.write(`${line}\r\n`);
  say("220 test");
  socket.on("data", (bytes) => {
    const text = bytes.toString();
    const verb = text.slice(0, 4);
    if (verb === "DATA") return say("354 go on");
    if (verb === "RCPT") return say(mail.refuses ? "550 no such mailbox" : "250 ok");
    if (!["EHLO", "HELO", "MAIL", "RSET", "QUIT"].includes(verb)) mail.taken.push(text);
    return say("250 ok");
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());
beforeEach(async () => {
  Object.assign(mail, { taken: [], refuses: false });
  delete env().SMTP_URL;
  await sql`delete from letters`;
});

const withMailServer = () => {
  const address = server.address();
  env().SMTP_URL = `smtp://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
};
const kept = async () => (await sql`select state, attempts, error, text, sent_at is not null as sent from letters`)[0];

const queued = async () => (await sql`select key from graphile_worker.jobs`).map((job) => job.key);

describe("the outbox", () => {
  test("without a mail server keeps the letter to be read, whole", async () => {
    const id = await post(reader(), draft("ada@example.com"));
    expect(await kept()).toMatchObject({ state: "kept", attempts: 0 });
    expect((await letter(reader(), id)).text).toContain("token=secret-1");
  });

  test("T-4.2.1-DISC3: a letter and its delivery exist exactly when the change that caused them does", async () => {
    withMailServer();
    const undone = within(reader(), async (ctx) => {
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
    const all = mail.taken.join("");
    expect(all.match(/^Message-ID: /gm)).toHaveLength(1);
    expect(all).toContain(letterId);
    expect(await kept()).toMatchObject({ state: "sent", attempts: 1, sent: true, error: null });
    expect((await kept())?.text).toContain("token=[removed]");
  });

  test("a refused letter is tried eight times, with the reason, and then counts as failed", async () => {
    withMailServer();
    mail.refuses = true;
    const letterId = await post(reader(), draft("nobody@example.com"));
    for (let i = 1; i <= 8; i++) {
      await expect(deliverLetter.perform({ letterId })).rejects.toThrow(/550/);
      expect(await kept()).toMatchObject({
        state: i < 8 ? "queued" : "failed",
        attempts: i,
        error: expect.stringContaining("550"),
      });
    }
    await deliverLetter.perform({ letterId });
    expect(await kept()).toMatchObject({ attempts: 8 });
  });

  test("is read newest first, a page at a time, by part of the recipient", async () => {
    for (let i = 0; i < 53; i++) {
      await post(
        { ...reader(), now: addMinutes(start, i) },
        draft(i % 2 ? "Odd@example.com" : "even_100%@example.com"),
      );
    }
    const first = await outbox(reader(), { recipient: "", before: undefined });
    const second = await outbox(reader(), { recipient: "", before: first.next });
    expect([first.rows.length, second.rows.length, second.next]).toEqual([50, 3, undefined]);
    expect(first.rows[0]?.createdAt).toEqual(addMinutes(start, 52));
    expect(new Set([...first.rows, ...second.rows].map((row) => row.id)).size).toBe(53);
    expect((await outbox(reader(), { recipient: "odd@", before: undefined })).rows).toHaveLength(26);
    expect((await outbox(reader(), { recipient: "%", before: undefined })).rows).toHaveLength(27);
  });

  test("is closed to whoever may not read letters, and an unknown letter is not found", async () => {
    const id = await post(reader(), draft("ada@example.com"));
    await expect(outbox(reader([]), { recipient: "", before: undefined })).rejects.toMatchObject({
      problem: "forbidden",
    });
    await expect(letter(reader([]), id)).rejects.toMatchObject({ problem: "forbidden" });
    await expect(letter(reader(), newId("letter", start))).rejects.toMatchObject({ problem: "not_found" });
    await expect(letter(reader(), "1 or 1=1")).rejects.toMatchObject({ problem: "not_found" });
  });
});
