import fs from "node:fs";
import path from "node:path";
import { sql as raw } from "drizzle-orm";
import { expect, test } from "vitest";
import type { Db } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import { tenantDb } from "#db/tenant.ts";
import { testDatabase } from "#db/testing.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { inWorkspace } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { noteWords } from "#lib/testing/help.ts";
import { type Place, type Somebody, testWorld } from "#lib/testing/world.ts";
import { commandOperations } from "./every-command.ts";
import { type Operation, queryOperations } from "./operations.ts";

const { db: ownersDb, sql } = await testDatabase();
const world = await testWorld(ownersDb, sql);

// Whatever else stops it, a row of another organization that is written says so itself.
await sql.unsafe(`create function refuse_foreign() returns trigger language plpgsql as $$
  declare mine text := current_setting('test.organization', true); its text := to_jsonb(coalesce(new, old)) ->> 'organization_id';
  begin
    if coalesce(mine, '') <> '' and its is not null and its <> mine then raise exception 'a foreign row of % was written', tg_table_name; end if;
    return coalesce(new, old);
  end $$`);
const tables = await sql`select distinct relname as name from pg_class join pg_attribute on attrelid = pg_class.oid
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and attname = 'organization_id'`;
for (const { name } of tables)
  await sql.unsafe(
    `create trigger aaa_refuse_foreign before insert or update or delete on ${name} for each row execute function refuse_foreign()`,
  );

class Undo extends Error {}

/** What came of a try, which is undone again: what was answered, or why not. */
async function outcome(
  db: Db,
  ctx: Context,
  operation: Operation,
  place: Place,
): Promise<{ answer: unknown } | { problem: string }> {
  let answer: unknown;
  try {
    await db.transaction(async (tx) => {
      await tx.execute(raw`select set_config('test.organization', ${ctx.organizationId}, true)`);
      answer = await operation.run({ ...ctx, db: tx }, place);
      throw new Undo();
    });
  } catch (error) {
    if (error instanceof AppError) return { problem: error.problem };
    if (!(error instanceof Undo)) throw error;
  }
  return { answer };
}

/** What has to come of it, from the table of roles and from where things lie alone. */
function expected(
  { can: permission, within, isChoosy }: Operation,
  ctx: Context,
  place: Place,
): "allowed" | "refused" | "either" {
  if (!can(ctx.actor, permission)) return "refused";
  const isOurs = place.organizationId === ctx.organizationId;
  const isHere = isOurs && place.workspaceId === ctx.workspaceId;
  if ((within === "organization" && !isOurs) || (within === "workspace" && !isHere)) return "refused";
  return isChoosy ? "either" : "allowed";
}

/** A number that looks random and is the same in every run, so that a failure can be repeated. */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state;
  }
}

const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)) ?? "";

function foreignWords(answer: unknown, ctx: Context): string[] {
  const said = jsonOf(answer);
  // What staff write to each other is no customer's, not even of the ticket it is about.
  if (said.includes(noteWords)) return [noteWords];
  return [...world.canaries]
    .filter(([id, word]) => id !== ctx.organizationId && (said.includes(word) || said.includes(id)))
    .map(([, word]) => word);
}

/** Where a person stands: those with all workspaces in one of them, everyone else where they work. */
function standing(somebody: Somebody, number: number): Context {
  if (!somebody.isWide) return somebody;
  const own = world.places.filter(({ organizationId }) => organizationId === somebody.organizationId);
  return inWorkspace(somebody, own[number % own.length]?.workspaceId ?? somebody.workspaceId);
}

const secondLine = ({ organizationId, actor }: Context): Db =>
  tenantDb({ organizationId, userId: actor.id as Id<"user"> });

type Want = ReturnType<typeof expected>;
type Got = Awaited<ReturnType<typeof outcome>>;

function problemWith(got: Got, want: Want, { isQuiet, can: permission }: Operation, ctx: Context): string | undefined {
  const foreign = "answer" in got ? foreignWords(got.answer, ctx) : [];
  if (foreign.length > 0) return `told of ${foreign}`;
  const isRefused = "problem" in got && ["forbidden", "not_found"].includes(got.problem);
  if (want === "either" || isRefused === (want === "refused")) return undefined;
  // A list of what is not theirs is empty.
  if (want === "refused" && isQuiet && "answer" in got && can(ctx.actor, permission)) return undefined;
  return isRefused ? "refused" : "not refused";
}

/** Let in and then always in conflict with the state of the world, and why. */
const alwaysInConflict: Record<string, string> = {
  connectService: "no service answers in it",
  changeConnection: "no service answers in it",
  resumeConnection: "its connections are not paused",
  finishOauth: "no sign-in is under way in it",
  createAgent: "the world has no model",
  importAgent: "the world has no model",
  upgradePlan: "its organizations are on the paid plan",
  setJoining: "its domains are not proven",
  answerZeroRetention: "nothing was asked about its requests",
  endZeroRetention: "its requests are not decided",
  resendInvitation: "its invitations were sent a moment ago",
  rateTicket: "its tickets are open",
  stopJob: "its jobs are not running",
  keepAnswers: "its models have no reviews",
  askForReview: "the weights of its models are elsewhere",
  signTransfer: "the weights of its models are elsewhere",
  giveNotice: "none of its agreements has begun",
  withdrawFromContract: "its organizations are businesses",
  keepTrial: "no model of it ends",
  withdrawNotice: "no notice was given in it",
  resubscribe: "none of its agreements has ended",
  agreeToChange: "nothing was announced in it",
  signDataProcessing: "it is given another document",
  disagree: "nothing was announced in it",
  objectToSubprocessor: "no subprocessor was announced in it",
  endOverSubprocessor: "no subprocessor was announced in it",
};

/** Not among the tries, and why. */
const elsewhere: Record<string, string> = {
  beginOauth: "needs a service to sign in to; lib/domain/connections/oauth",
  attemptEvent: "the worker's alone, over the network",
  isLive: "the workers' alone; lib/domain/connections",
  secretOf: "the workers' alone; lib/domain/connections/secrets.db.test.ts",
  trialPage: "needs a model that ends; server/v1/model-trial.db.test.ts",
  impactHere: "needs a model that ends; lib/domain/lifecycle/impact",
  agentsNaming: "needs a model that ends; lib/domain/lifecycle/impact",
  modelEndFacts: "needs a model that ends; server/notices/model.db.test.ts",
  moveFacts: "needs a name that moves; server/notices/alias.db.test.ts",
  impactOf: "needs a model that ends; lib/domain/lifecycle/impact",
  completeChat: "needs a request to /v1; e2e/sdk",
  completeFim: "needs a request to /v1; e2e/sdk",
  completeText: "needs a request to /v1; server/v1/text-completions.db.test.ts",
  moderate: "needs a request to /v1; server/v1/text-completions.db.test.ts",
  moderateChat: "needs a request to /v1; server/v1/text-completions.db.test.ts",
  embed: "needs a request to /v1; e2e/sdk",
  completeAgent: "needs a request to /v1; e2e/sdk",
  completeMentioned: "needs a request to /v1; e2e/sdk",
  startConversation: "needs a request to /v1; e2e/sdk",
  appendToConversation: "needs a request to /v1; e2e/sdk",
  restartConversation: "needs a request to /v1; e2e/sdk",
  respond: "needs a request to /v1; server/v1",
  saidIn: "needs a request to /v1; server/v1",
  store: "needs a request to /v1; server/v1",
  takeTurn: "needs a request to /v1; server/v1",
  passOnOrphans: "a part of other commands; lib/domain/agents/sharing/sharing.db.test.ts",
  takeBundle: "needs an address that was made for one person; lib/domain/bundles/bundles.db.test.ts",
  checkDomain: "asks the name server; lib/domain/domains/domains.db.test.ts",
  attemptDelivery: "the worker's alone, over the network",
  leavingEvents: "the worker's alone; lib/domain/exports",
  explore: "chooses its isolation, so it cannot be undone from outside; lib/usage",
  choicesOf: "as explore",
  usageLines: "as explore",
  endUserPage: "the same door as explore; lib/usage/end-users",
  subjectOf: "the alerts job's own",
  recipientsOf: "the alerts job's own",
  setOverride: "staff's, about a customer; lib/staff/rates",
  endOverride: "staff's, about a customer; lib/staff/rates",
  resendUndelivered: "staff's; lib/notices",
  lockOrganization: "a part of other commands",
  noteFirstUse: "the door's own",
  agreeToAssistance: "names files of all workspaces; lib/domain/assistance",
  isSeen: "a condition of other queries",
  deskThread: "staff's, about a customer; lib/domain/help/desk",
  requestPlaces: "staff's, about a customer; lib/domain/abuse/reading",
  deskRecordOf: "staff's, about a customer; lib/domain/help/desk",
  agree: "the contract's; lib/terms",
  effectiveDate: "the contract's; lib/terms",
  agreeByUse: "a part of the door and of a job; lib/domain/publications",
  documentFor: "the door's own; lib/domain/terms",
  noticeAbout: "the notices' own; lib/domain/notices/legal",
  noticeProof: "staff's, about a customer; lib/domain/notices/legal",
  changeFacts: "the notices' own; lib/domain/publications",
  subprocessorFacts: "the notices' own; server/notices/subprocessors.db.test.ts",
  endedWithin: "the months' end's own; lib/domain/billing/closing",
  isUnderWayAt: "the sweep of ends' own; lib/domain/ending",
  hasOpenUse: "the sweep of ends' own; lib/domain/ending",
};

const [anyPlace] = world.places;
if (!anyPlace) throw new Error("The world has no place.");
const operations: Record<string, Operation> = {
  ...(await commandOperations(anyPlace, (name) => name in elsewhere || name in queryOperations)),
  ...queryOperations,
};
const names = Object.keys(operations);

/** Whether anyone who is let in gets an answer from it: the tries alone may have missed the one place where it works. */
async function worksSomewhere(name: string): Promise<boolean> {
  const operation = operations[name] as Operation;
  const everywhere = world.people.flatMap((somebody) =>
    world.places.map((place, number) => ({ ctx: standing(somebody, number), place })),
  );
  for (const { ctx, place } of everywhere.filter(({ ctx, place }) => expected(operation, ctx, place) === "allowed"))
    if ("answer" in (await outcome(ownersDb, ctx, operation, place))) return true;
  return false;
}

const tries = 10_000;

test(`${tries} tries of anyone on anything, with and without the database's second line: no one gets or changes what is not theirs`, async () => {
  const draw = numbers(20_261_124);
  const pick = <T>(list: readonly T[]): T => list[draw.next().value % list.length] as T;
  const counts = { allowed: 0, refused: 0, either: 0 };
  const wrong: unknown[] = [];
  const [allowed, answered] = [new Set<string>(), new Set<string>()];
  for (let i = 0; i < tries; i++) {
    const [name, somebody, place] = [pick(names), pick<Somebody>(world.people), pick<Place>(world.places)];
    const operation = operations[name] as Operation;
    const hasSecondLine = draw.next().value % 2 === 0;
    const ctx = standing(somebody, draw.next().value);
    const want = expected(operation, ctx, place);
    counts[want]++;
    const got = await outcome(hasSecondLine ? secondLine(ctx) : ownersDb, ctx, operation, place);
    if (want === "allowed") allowed.add(name);
    if ("answer" in got) answered.add(name);
    const problem = problemWith(got, want, operation, ctx);
    if (problem)
      wrong.push({ name, who: somebody.label, hasSecondLine, want, got: jsonOf(got).slice(0, 300), problem });
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  // What is allowed and never works is tried with something that makes no sense.
  const silent = [...allowed].filter((name) => !answered.has(name) && !(name in alwaysInConflict));
  const works = await Promise.all(silent.map(worksSomewhere));
  expect(silent.filter((_, index) => !works[index])).toEqual([]);
  // Both happen often, so that neither answer alone would do.
  expect(counts.allowed).toBeGreaterThan(tries / 10);
  expect(counts.refused).toBeGreaterThan(tries / 3);
}, 600_000);

test("every query about an organization or a workspace is among the tries, or says why not", () => {
  const files = fs
    .readdirSync("lib", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("/queries.ts") || /gateway\/.*(?<!\.test)\.ts$/.test(name));
  const found = files.flatMap((name) =>
    [
      ...fs
        .readFileSync(path.join("lib", name), "utf8")
        .matchAll(/export (?:async )?function (\w+)\(\s*ctx: (?:Organization)?Context\b/g),
    ].map(([, called = ""]) => called),
  );
  expect(found.length).toBeGreaterThan(60);
  expect(found.filter((called) => !(called in operations) && !(called in elsewhere))).toEqual([]);
  const kept = ["keepTurn", "keepResponse"];
  expect(Object.keys(queryOperations).filter((called) => ![...found, ...kept].includes(called))).toEqual([]);
});
