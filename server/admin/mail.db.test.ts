import { expect, test } from "vitest";
import type { Id } from "#db/id.ts";
import { testDatabase } from "#db/testing.ts";
import { addDays, addMinutes, now } from "#lib/core/clock.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { replyAddress } from "#lib/core/mail/reply-address.ts";
import { deskTicket } from "#lib/domain/help/desk/queries.ts";
import { discardMail, purgeMail, receiveMail, takeMail } from "#lib/domain/help/mail/commands.ts";
import { heldMailFilter } from "#lib/domain/help/mail/input.ts";
import { heldMail, heldMailOf } from "#lib/domain/help/mail/queries.ts";
import { mostMailBytes } from "#lib/domain/help/mail/rules.ts";
import { ticketOf } from "#lib/domain/help/queries.ts";
import { staffAt } from "#lib/testing/billing.ts";
import { testTicket } from "#lib/testing/help.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { readMail } from "./mail.ts";

const { db, sql } = await testDatabase();
Object.assign(env(), { MAIL_REPLY_DOMAIN: "help.example.com", MAIL_AUTHSERV_ID: "mx.example.com" });

const system = (at = now()) => systemContext("mail", { at });
let letters = 0;

type Letter = { from: string; to: string; headers?: string[]; body?: string; id?: string; proof?: string | null };

/** A letter as a mail server pipes it. */
function rawOf({ from, to, headers = [], body = "It works now.", id = `${++letters}`, proof }: Letter): Buffer {
  const domain = from.slice(from.lastIndexOf("@") + 1).replace(">", "");
  const proven = proof === undefined ? `mx.example.com; dmarc=pass header.from=${domain}` : proof;
  const lines = [
    ...(proven === null ? [] : [`Authentication-Results: ${proven}`]),
    `From: ${from}`,
    `To: Help <${to}>`,
    "Subject: Re: T-10001",
    `Message-ID: <${id}@customer.example>`,
    "MIME-Version: 1.0",
    ...(headers.some((line) => /^content-type/i.test(line)) ? [] : ["Content-Type: text/plain; charset=utf-8"]),
    ...headers,
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body.replace(/\n/g, "\r\n")}\r\n`);
}

async function ticketWithPerson() {
  const ctx = await testWorkspace(db);
  const id = await testTicket(ctx);
  const [person] = await sql`select email from users where id = ${ctx.actor.id}`;
  return { ctx, id, from: String(person?.email), to: replyAddress(id) ?? "" };
}

const send = async (letter: Letter, at?: Date) => receiveMail(system(at), await readMail(rawOf(letter)));
const messages = async (ctx: Context, id: Id<"ticket">) =>
  (await ticketOf(ctx, id)).messages.filter(({ from }) => from === "customer").map(({ body }) => body);

test("help-zdr 33: a proven letter of a participant is their message, with its words and without the quote", async () => {
  const { ctx, id, from, to } = await ticketWithPerson();
  const body =
    "It works now.\n\nOn Sunday, 29 November 2026, Comptoir <no-reply@example.com> wrote:\n> There is an answer";
  expect(await send({ from: `Ada <${from}>`, to, body })).toEqual({ outcome: "taken", reason: null, ticket: id });
  expect((await messages(ctx, id)).at(-1)).toBe("It works now.");
  const [row] = await sql`select actor_name, address from audit_events
    where organization_id = ${ctx.organizationId} and action = 'help.reply'`;
  expect(row).toMatchObject({ actor_name: "Test Person", address: "e-mail" });
});

const refusals: [string, Partial<Letter>, string][] = [
  ["a forged sender", { proof: "mx.example.com; dmarc=fail header.from=example.com" }, "unproven"],
  ["one whose server nobody asked", { proof: null }, "unproven"],
  ["another domain's proof", { proof: "mx.example.com; dmarc=pass header.from=attacker.example" }, "unproven"],
  ["a stranger", { from: "mallory@attacker.example" }, "stranger"],
  [
    "a guessed address",
    { to: `reply+tkt_01m8matt1q9kf370zckpkca8c0.${"0".repeat(24)}@help.example.com` },
    "no-address",
  ],
  ["no address of ours", { to: "help@help.example.com" }, "no-address"],
  ["an out-of-office answer", { headers: ["Auto-Submitted: auto-replied"] }, "automatic"],
  ["a bounce", { headers: ["Return-Path: <>"] }, "automatic"],
  ["a letter of our own", { id: "ltr_1@example.com>\r\nX-Ignored: <" }, "automatic"],
  ["only a quote", { body: "> There is an answer" }, "empty"],
];

test.each(refusals)(
  "help-zdr 33: %s changes no ticket, answers nobody and waits for staff",
  async (_what, given, reason) => {
    const { ctx, id, from, to } = await ticketWithPerson();
    Object.assign(env(), { MAIL_FROM: "Comptoir <no-reply@example.com>" });
    await sql`update tickets set state = 'resolved', resolved_at = now(), next_due_at = null where id = ${id}`;
    const before = await sql`select * from tickets where id = ${id}`;
    const posted = await sql`select count(*)::int from letters`;
    expect(await send({ from, to, ...given })).toMatchObject({ outcome: "held", reason });
    expect(await sql`select * from tickets where id = ${id}`).toEqual(before);
    expect(await sql`select count(*)::int from letters`).toEqual(posted);
    expect(await messages(ctx, id)).toHaveLength(1);
    const [held] = (await heldMail(staffAt("support", now()), heldMailFilter.parse({}))).rows;
    expect(held).toMatchObject({ reason });
  },
);

test("help-zdr 33: somebody who left, or never took part, is a stranger though they are proven", async () => {
  const { ctx, id, from, to } = await ticketWithPerson();
  const colleague = await testWorkspace(db, { within: ctx });
  const [other] = await sql`select email from users where id = ${colleague.actor.id}`;
  expect(await send({ from: String(other?.email), to })).toMatchObject({ outcome: "held", reason: "stranger" });
  const foreign = await ticketWithPerson();
  expect(await send({ from: foreign.from, to })).toMatchObject({ outcome: "held", reason: "stranger" });
  await sql`delete from members where user_id = ${ctx.actor.id}`;
  expect(await send({ from, to })).toMatchObject({ outcome: "held", reason: "stranger" });
  expect(await deskTicket(staffAt("support", now()), id)).toMatchObject({ state: "open" });
});

test("help-zdr 33: a letter that comes twice, also at once, is one message; the sixth of an hour waits", async () => {
  const { ctx, id, from, to } = await ticketWithPerson();
  const same = { from, to, id: "twice", body: "Once." };
  const outcomes = await Promise.all([send(same), send(same)]);
  expect(outcomes.filter(({ outcome }) => outcome === "taken").length).toBeGreaterThan(0);
  expect(await send(same)).toMatchObject({ outcome: "known" });
  for (let more = 2; more <= 5; more++) expect(await send({ from, to })).toMatchObject({ outcome: "taken" });
  expect(await send({ from, to })).toMatchObject({ outcome: "held", reason: "many" });
  expect(await messages(ctx, id)).toHaveLength(6);
  expect(await send({ from, to }, addMinutes(now(), 61))).toMatchObject({ outcome: "taken" });
});

test("help-zdr 33: within 14 days a letter opens its ticket again, after that it begins one that follows", async () => {
  const { ctx, id, from, to } = await ticketWithPerson();
  await sql`update tickets set state = 'resolved', resolved_at = now(), next_due_at = null where id = ${id}`;
  await send({ from, to });
  expect(await ticketOf(ctx, id)).toMatchObject({ state: "open" });
  await sql`update tickets set state = 'resolved', resolved_at = ${addDays(now(), -15)}, next_due_at = null where id = ${id}`;
  await send({ from, to, body: "And again." });
  expect(await ticketOf(ctx, id)).toMatchObject({ state: "resolved" });
  expect(await sql`select state from tickets where follows_id = ${id}`).toEqual([{ state: "open" }]);
});

test("help-zdr 33: files are taken by the rules of the page, and those that are refused are named with why", async () => {
  const { ctx, id, from, to } = await ticketWithPerson();
  const part = (name: string, type: string, content: string) =>
    `--cut\nContent-Type: ${type}; name="${name}"\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n\n${Buffer.from(
      content,
    )
      .toString("base64")
      .replace(/(.{76})/g, "$1\n")}\n`;
  const logs = [1, 2, 3, 4].map((number) => part(`log${number}.txt`, "text/plain", `line ${number}`));
  const body = `--cut\nContent-Type: text/plain\n\nSee the logs.\n${part("picture.png", "image/png", "<svg onload=alert(1)>")}${logs.join("")}${part("last.txt", "text/plain", "the sixth")}--cut--`;
  await send({ from, to, headers: ["Content-Type: multipart/mixed; boundary=cut"], body });
  const last = (await ticketOf(ctx, id)).messages.at(-1);
  expect(last?.files.map(({ name }) => name)).toEqual(["log1.txt", "log2.txt", "log3.txt", "log4.txt"]);
  expect(last?.body).toMatch(/^See the logs\./);
  expect(last?.body).toContain("[picture.png was not taken:");
  expect(last?.body).toContain("[last.txt was not taken: at most 5 files");
});

test("help-zdr 33: what is huge, nested, in a strange charset or has a NUL is read or refused, and breaks nothing", async () => {
  const { ctx, id, from, to } = await ticketWithPerson();
  await expect(readMail(Buffer.alloc(mostMailBytes + 1, 97))).rejects.toMatchObject({ problem: "too_large" });
  expect(await send({ from, to, body: "A NUL\0 in it." })).toMatchObject({ outcome: "taken" });
  const charset = ["Content-Type: text/plain; charset=x-no-such-charset"];
  expect(await send({ from, to, headers: charset, body: "Strange." })).toMatchObject({ outcome: "taken" });
  const html = ["Content-Type: text/html; charset=utf-8"];
  await send({
    from,
    to,
    headers: html,
    body: '<p>Hello <img src="https://tracker.example/x.png"><script>alert(1)</script></p>',
  });
  const said = (await messages(ctx, id)).at(-1) ?? "";
  expect(said).toContain("Hello");
  expect(said).not.toMatch(/script|tracker|alert/);
  const deep = Array.from(
    { length: 1000 },
    (_, at) => `--b${at}\nContent-Type: multipart/mixed; boundary=b${at + 1}\n\n`,
  ).join("");
  const nested = send({ from, to, headers: ["Content-Type: multipart/mixed; boundary=b0"], body: deep });
  await expect(nested).rejects.toMatchObject({ problem: "invalid" });
  expect(await readMail(Buffer.from("no letter at all"))).toMatchObject({ sender: "" });
  const two = `Ada <${from}>, Mallory <mallory@attacker.example>`;
  expect(await send({ from: two, to })).toMatchObject({ outcome: "held" });
});

test("help-zdr 33: staff add a held letter to its ticket for a participant they know, or discard it; after 30 days it is gone", async () => {
  const { ctx, id, from, to } = await ticketWithPerson();
  const desk = staffAt("support", now());
  await send({ from, to, proof: null, body: "It is me, from another server." });
  const [held] = (await heldMail(desk, heldMailFilter.parse({ q: from }))).rows;
  const mail = held?.id as Id<"mail">;
  const [row] = await sql`select body from received_mail where id = ${mail}`;
  expect(row?.body.includes("another server")).toBe(false);
  const detail = await heldMailOf(desk, mail);
  expect(detail).toMatchObject({
    text: "It is me, from another server.",
    participants: [{ id: ctx.actor.id, email: from }],
  });
  const stranger = (await testWorkspace(db)).actor.id as Id<"user">;
  await expect(takeMail(desk, { id: mail, userId: stranger })).rejects.toMatchObject({ problem: "not_found" });
  await expect(heldMailOf(staffAt("billing", now()), mail)).rejects.toMatchObject({ problem: "forbidden" });
  await takeMail(desk, { id: mail, userId: ctx.actor.id as Id<"user"> });
  expect((await messages(ctx, id)).at(-1)).toBe("It is me, from another server.");
  await expect(discardMail(desk, { id: mail })).rejects.toMatchObject({ problem: "not_found" });
  await send({ from, to, proof: null });
  const [other] = (await heldMail(desk, heldMailFilter.parse({ q: from }))).rows;
  await discardMail(desk, { id: other?.id as Id<"mail"> });
  expect((await heldMail(desk, heldMailFilter.parse({ q: from }))).rows).toEqual([]);
  await purgeMail(system(addDays(now(), 29)));
  const left = () => sql`select count(*)::int as count from received_mail where ticket_id = ${id}`;
  expect(await left()).toEqual([{ count: 2 }]);
  await purgeMail(system(addDays(now(), 31)));
  expect(await left()).toEqual([{ count: 0 }]);
});
