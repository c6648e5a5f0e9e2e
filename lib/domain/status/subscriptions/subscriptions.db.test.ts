import { beforeEach, expect, test } from "vitest";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { anonymousPermissions } from "#lib/core/access/roles.ts";
import { addMinutes, now } from "#lib/core/clock.ts";
import { type AccountContext, acrossTenants } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { unsubscribeHeaders } from "#lib/core/mail/unsubscribe.ts";
import { createWebhook } from "#lib/domain/integrations/commands.ts";
import { cancelMaintenance, openIncident, planMaintenance, updateIncident } from "#lib/domain/status/commands.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { systemContext } from "#server/system-context.ts";
import { confirmSubscription, endLetters, forgetUnconfirmed, subscribe, tellAll } from "./commands.ts";
import { subscribeInput, type Telling } from "./input.ts";

const { db, sql } = await testDatabase();

beforeEach(async () => {
  await sql`truncate status_subscribers, status_tellings, incident_updates, incidents, maintenances, notice_runs cascade`;
  await sql`delete from attempts`;
  await sql`delete from status_samples`;
  for (const component of ["api", "files", "console"])
    await sql`insert into status_samples (component, at, state, ms) values (${component}, ${addMinutes(now(), -1)}, 'up', 1)`;
});

/** A browser without an account, whose rows the tenant role's policies rule. */
function visitor(when = now(), address = "10.9.0.1"): AccountContext {
  const actor = {
    kind: "anonymous",
    id: "anonymous",
    name: "Visitor",
    permissions: new Set(anonymousPermissions),
  } as const;
  return acrossTenants({ db: tenantDb({}), now: when, actor, origin: { address, agent: "vitest" } });
}

const lettersTo = (email: string) => sql<{ kind: string; subject: string; text: string; created_at: Date }[]>`
  select kind, subject, text, created_at from letters where recipient = ${email} order by xmin::text::bigint`;
const asked = (email: string, components: string[] = []) => subscribeInput.parse({ email, components });

async function tokenFor(email: string): Promise<string> {
  const texts = (await lettersTo(email)).map(({ text }) => /token=([\w-]{43})/.exec(text)?.[1]);
  return texts.findLast((token) => token !== undefined) ?? "";
}

async function subscribed(email: string, components: string[] = [], when = addMinutes(now(), -5)): Promise<void> {
  await subscribe(visitor(when, `10.9.1.${email.length}`), asked(email, components));
  await confirmSubscription(visitor(when), { token: await tokenFor(email) });
}

const incident = (components: string[]) =>
  openIncident(systemContext("desk"), {
    title: "Slow",
    impact: "minor",
    words: "We look.",
    components,
    startedAt: null,
  });

const updatesTo = async (email: string) =>
  (await lettersTo(email)).filter(({ kind }) => kind === "status.update").map(({ subject }) => subject);

const job = systemContext("job");

test("contract 39, T-4.4-SLO1: a subscription counts from its confirmation, which its letter allows for 48 hours", async () => {
  const [email, asking] = ["late@example.com", now()];
  await subscribe(visitor(asking), asked(email));
  const token = await tokenFor(email);
  const opened = await incident(["api"]);
  await tellAll(job, { incidentId: opened, number: 1 });
  expect(await updatesTo(email)).toEqual([]);
  const last = addMinutes(asking, 48 * 60);
  await expect(confirmSubscription(visitor(last), { token })).rejects.toMatchObject({ problem: "invalid" });
  await confirmSubscription(visitor(addMinutes(asking, 48 * 60 - 1)), { token });
  // A second click of the same button is no error.
  await confirmSubscription(visitor(addMinutes(asking, 48 * 60 - 1)), { token });
  await expect(confirmSubscription(visitor(), { token: "a".repeat(43) })).rejects.toMatchObject({ problem: "invalid" });
  await subscribe(visitor(asking), asked("never@example.com"));
  await forgetUnconfirmed(systemContext("job", { at: addMinutes(last, 1) }));
  expect(await sql`select email from status_subscribers`).toEqual([{ email }]);
});

test("contract 39: who asks learns nothing of an address, and no address is written to without end", async () => {
  await testWorkspace(db);
  const [known] = await sql<{ email: string }[]>`select email from users limit 1`;
  await subscribed("member@example.com");
  const emails = [known?.email ?? "", "member@example.com", "stranger@example.com"];
  for (const email of emails) expect(await subscribe(visitor(), asked(email))).toBeUndefined();
  const texts = await Promise.all(emails.map(async (email) => (await lettersTo(email)).at(-1)?.text));
  expect(new Set(texts.map((text) => text?.replace(/token=[\w-]+/, "token"))).size).toBe(1);
  // The sixth in an hour is not sent, and its sender is not told.
  for (let tries = 0; tries < 8; tries++)
    await subscribe(visitor(now(), `10.9.2.${tries}`), asked("flooded@example.com"));
  expect(await lettersTo("flooded@example.com")).toHaveLength(5);
  for (let tries = 0; tries < 20; tries++) await subscribe(visitor(now(), "10.9.3.1"), asked(`a${tries}@example.com`));
  await expect(subscribe(visitor(now(), "10.9.3.1"), asked("b@example.com"))).rejects.toMatchObject({
    problem: "rate_limited",
  });
});

test("contract 39: what a stranger typed is in no letter: components are those that there are", async () => {
  const words = "Win a prize at prizes.example";
  await expect(subscribe(visitor(), asked("victim@example.com", ["api", words]))).rejects.toMatchObject({
    problem: "invalid",
  });
  expect(await lettersTo("victim@example.com")).toEqual([]);
});

test("contract 39, T-4.4-SLO1: each update is a letter to those it is about, once, whatever process is killed", async () => {
  await sql`insert into status_subscribers (id, email, components, hash, created_at, confirmed_at)
    select 'sub_' || lpad(n::text, 26, '0'), 'many' || n || '@example.com', null, 'many' || n, ${addMinutes(now(), -9)}, ${addMinutes(now(), -9)}
    from generate_series(1, 450) as n`;
  await subscribed("api@example.com", ["api", "files"]);
  await subscribed("console@example.com", ["console"]);
  const incidentId = await incident(["api"]);
  const first: Telling = { incidentId, number: 1 };
  // The first process dies in its second page, at the two hundred and first letter.
  await sql.unsafe(`create function stop_telling() returns trigger language plpgsql as $$ begin
    if (select count(*) from letters where kind = 'status.update') >= 250 then raise exception 'killed'; end if; return new; end $$`);
  await sql`create trigger stop_telling before insert on letters for each row execute function stop_telling()`;
  await expect(tellAll(job, first)).rejects.toThrow();
  await sql`drop trigger stop_telling on letters`;
  await Promise.all([tellAll(job, first), tellAll(systemContext("other"), first)]);
  await tellAll(job, first);
  const [count] =
    await sql`select count(*)::int as letters, count(distinct recipient)::int as people from letters where kind = 'status.update'`;
  expect(count).toEqual({ letters: 451, people: 451 });
  await updateIncident(systemContext("desk", { at: addMinutes(now(), 1) }), {
    id: incidentId,
    state: "resolved",
    words: "All well.",
  });
  await tellAll(job, { incidentId, number: 2 });
  expect(await updatesTo("api@example.com")).toEqual([
    expect.stringContaining("Slow: we are looking into it"),
    expect.stringContaining("Slow: it is over"),
  ]);
  expect(await updatesTo("console@example.com")).toEqual([]);
});

test("contract 39, T-4.4-SLO3: planned work is told, and that it is taken back", async () => {
  await subscribed("plans@example.com");
  const planned = { title: "New disks", words: "Briefly.", components: ["files"] };
  const window = { startsAt: addMinutes(now(), 600), endsAt: addMinutes(now(), 660) };
  const maintenanceId = await planMaintenance(systemContext("desk"), { ...planned, ...window });
  await cancelMaintenance(systemContext("desk"), { id: maintenanceId });
  for (const number of [1, 2]) await tellAll(job, { maintenanceId, number });
  expect(await updatesTo("plans@example.com")).toEqual([
    expect.stringContaining("Planned work: New disks"),
    expect.stringContaining("Cancelled: New disks"),
  ]);
});

test("contract 39: one click in any letter ends them, for that address alone, and a new choice takes the old one's place", async () => {
  const [leaving, staying] = ["leaves@example.com", "stays@example.com"];
  for (const email of [leaving, staying]) await subscribed(email);
  await subscribed(leaving, ["api"]);
  expect(await sql`select components from status_subscribers where email = ${leaving}`).toEqual([
    { components: ["api"] },
  ]);
  const headers = unsubscribeHeaders({ userId: null, kind: "status.update", recipient: leaving });
  const code = decodeURIComponent(/code=([^>]+)/.exec(headers["List-Unsubscribe"] ?? "")?.[1] ?? "");
  await expect(endLetters(visitor(), code.replace(/^./, "x"))).rejects.toMatchObject({ problem: "invalid" });
  await endLetters(visitor(), code);
  await endLetters(visitor(), code);
  expect(await sql`select email from status_subscribers`).toEqual([{ email: staying }]);
  const incidentId = await incident(["api"]);
  await tellAll(job, { incidentId, number: 1 });
  expect(await updatesTo(leaving)).toEqual([]);
  const [letter] = (await lettersTo(staying)).filter(({ kind }) => kind === "status.update");
  expect(letter?.text).toContain("/unsubscribe?code=");
});

test("contract 39: webhooks of every organization that asked hear of an incident, each of its updates once", async () => {
  const [one, other] = [await testWorkspace(db), await testWorkspace(db)];
  Object.assign(env(), { DEMO: "on", OUTGOING_ALLOWED_RANGES: "127.0.0.1/32" });
  const hook = { url: "http://127.0.0.1:9/hooks", description: "" };
  await createWebhook(one, { ...hook, eventTypes: ["incident.opened", "incident.resolved"] });
  const incidentId = await incident(["api"]);
  await updateIncident(systemContext("desk"), { id: incidentId, state: "identified", words: "A disk." });
  await updateIncident(systemContext("desk"), { id: incidentId, state: "resolved", words: "All well." });
  for (const number of [1, 2, 3, 3]) await tellAll(job, { incidentId, number });
  const told =
    await sql`select organization_id, type, data->>'words' as words from webhook_events order by xmin::text::bigint`;
  expect([...told]).toEqual([
    { organization_id: one.organizationId, type: "incident.opened", words: "We look." },
    { organization_id: one.organizationId, type: "incident.resolved", words: "All well." },
  ]);
  expect(told.some(({ organization_id }) => organization_id === other.organizationId)).toBe(false);
});
