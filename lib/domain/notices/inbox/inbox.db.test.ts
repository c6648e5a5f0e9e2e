import fs from "node:fs";
import { afterAll, beforeEach, expect, test } from "vitest";
import { testDatabase } from "#db/testing.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { nouns, type OptionalKind, optionalKinds } from "#lib/core/mail/kinds.ts";
import { compose } from "#lib/core/mail/letter.ts";
import { post } from "#lib/core/mail/post.ts";
import { deliverLetter } from "#lib/domain/notices/jobs.ts";
import { mailServer } from "#lib/testing/mail-server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { chooseNotices, openAllNotices, openNotice, unsubscribe } from "./commands.ts";
import { inboxInput, preferencesInput } from "./input.ts";
import { inbox, mutedKinds, notice, unreadNotices } from "./queries.ts";

const { db, sql } = await testDatabase();
const mail = await mailServer();
const { SMTP_URL: url } = env();
afterAll(() => mail.close());

let ctx: Context;
beforeEach(async () => {
  ctx = await testWorkspace(db);
  env().SMTP_URL = url;
  mail.letters.length = 0;
});

const emailOf = (ctx: Context): string => (ctx.actor.kind === "user" ? ctx.actor.email : "");
const write = (ctx: Context, kind: string, link = "/ws_a/limits") =>
  post(
    ctx,
    compose({
      kind,
      to: { email: emailOf(ctx).toUpperCase(), name: "Ada" },
      subject: `About ${kind}`,
      before: ["text"],
      link: { label: "Open", path: link },
    }),
  );
const stateOf = async (id: string) => (await sql`select state, opened_at from letters where id = ${id}`)[0];
const all = inboxInput.parse({});

test("an inbox has what was written to its person, and never what opens an account", async () => {
  const other = await testWorkspace(db);
  await write(ctx, "limits.alert");
  await write(ctx, "account.reset-password", "/reset-password?token=secret");
  await write(other, "limits.alert");
  const { notices } = await inbox(ctx, all);
  expect(notices.map(({ subject }) => subject)).toEqual(["About limits.alert"]);
  const [theirs] = (await inbox(other, all)).notices;
  await expect(notice(ctx, theirs?.id ?? "")).rejects.toMatchObject({ problem: "not_found" });
  await expect(notice(ctx, "nothing")).rejects.toMatchObject({ problem: "not_found" });
});

test("an inbox is the same wherever its person is in the console: also with what another organization wrote", async () => {
  const elsewhere = await testWorkspace(db);
  const to = { email: emailOf(ctx), name: "Ada" };
  const letter = compose({ kind: "members.removed", to, subject: "You were removed", before: ["text"] });
  await post(elsewhere, { ...letter, organizationId: elsewhere.organizationId });
  expect(await unreadNotices(ctx)).toBe(1);
  const { notices } = await inbox(ctx, all);
  expect(notices).toMatchObject([{ subject: "You were removed" }]);
  await openNotice(ctx, notices[0]?.id ?? "let_0");
  expect(await unreadNotices(ctx)).toBe(0);
  expect(await unreadNotices(elsewhere)).toBe(0);
});

test("opening a notice is kept as evidence once, and only its own reader's", async () => {
  const other = await testWorkspace(db);
  const id = await write(ctx, "limits.alert");
  await write(ctx, "rates.granted");
  expect(await unreadNotices(ctx)).toBe(2);
  await openNotice(other, id);
  expect((await stateOf(id))?.opened_at).toBeNull();
  await openNotice(ctx, id);
  const { openedAt } = await notice(ctx, id);
  expect(openedAt).toEqual(ctx.now);
  await openNotice({ ...ctx, now: new Date(ctx.now.getTime() + 5000) }, id);
  expect((await notice(ctx, id)).openedAt).toEqual(openedAt);
  expect(await unreadNotices(ctx)).toBe(1);
  expect((await inbox(ctx, inboxInput.parse({ show: "unread" }))).notices).toHaveLength(1);
  await openAllNotices(ctx);
  expect(await unreadNotices(ctx)).toBe(0);
});

test("a kind a person does without stays in the console and sends no e-mail; every other kind always does", async () => {
  await chooseNotices(ctx, preferencesInput.parse({ kinds: ["rates.granted"] }));
  expect((await mutedKinds(ctx)).toSorted()).toEqual(
    Object.keys(optionalKinds)
      .filter((kind) => kind !== "rates.granted")
      .toSorted(),
  );
  expect(await stateOf(await write(ctx, "limits.alert"))).toMatchObject({ state: "muted" });
  expect(await stateOf(await write(ctx, "rates.granted"))).toMatchObject({ state: "queued" });
  for (const kind of [
    "terms.changed",
    "models.announced",
    "billing.advance",
    "account.password-changed",
    "contact.changed",
  ]) {
    expect(() => preferencesInput.parse({ kinds: [kind] })).toThrow();
    await sql`insert into muted_notices (user_id, kind, created_at) values (${ctx.actor.id}, ${kind}, now())`;
    expect(await stateOf(await write(ctx, kind)), kind).toMatchObject({ state: "queued" });
  }
  expect(await unreadNotices(ctx)).toBe(7);
  await chooseNotices(ctx, preferencesInput.parse({ kinds: Object.keys(optionalKinds) }));
  expect(await stateOf(await write(ctx, "limits.alert"))).toMatchObject({ state: "queued" });
});

test("an optional letter can be ended with one click, by its own reader only; the others offer none", async () => {
  const id = await write(ctx, "limits.alert");
  await deliverLetter.perform({ letterId: id });
  const sent = mail.letters.join("").replace(/\r\n[ \t]/g, " ");
  expect(sent).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
  const code = decodeURIComponent(/List-Unsubscribe: <[^>]*code=([^>]+)>/.exec(sent)?.[1] ?? "");
  const visitor = {
    ...ctx,
    actor: { kind: "anonymous", id: "anonymous", name: "Visitor", permissions: new Set(["account.open"] as const) },
  } as const;
  const other = await testWorkspace(db);
  await expect(unsubscribe(visitor, code.replace(ctx.actor.id, other.actor.id))).rejects.toMatchObject({
    problem: "invalid",
  });
  await expect(unsubscribe(visitor, code.replace("alert", "reached"))).rejects.toMatchObject({ problem: "invalid" });
  expect(await unsubscribe(visitor, code)).toBe("limits.alert" satisfies OptionalKind);
  expect(await unsubscribe(visitor, code)).toBe("limits.alert");
  expect(await mutedKinds(ctx)).toEqual(["limits.alert"]);
  expect(await mutedKinds(other)).toEqual([]);
  mail.letters.length = 0;
  await deliverLetter.perform({ letterId: await write(ctx, "account.password-changed") });
  expect(mail.letters).toHaveLength(1);
  expect(mail.letters.join("")).not.toContain("List-Unsubscribe");
});

test("every kind of letter there is begins with a noun whose standing is known", () => {
  const templates = fs
    .readdirSync("lib/domain", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("letters.ts"))
    .map((name) => fs.readFileSync(`lib/domain/${name}`, "utf8"));
  const kinds = templates.flatMap((text) =>
    [...text.matchAll(/"([a-z]+)\.[a-z-]+",?\n\s+to[,:]/g)].map((match) => match[1] ?? ""),
  );
  expect(kinds.length).toBeGreaterThan(8);
  expect(kinds.filter((noun) => !nouns.includes(noun))).toEqual([]);
});
