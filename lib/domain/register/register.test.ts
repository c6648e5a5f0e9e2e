import { describe, expect, test } from "vitest";
import { type Evidence, evidenceStates, shown } from "#lib/core/clauses/evidence.ts";
import { register } from "#lib/core/clauses/register.ts";
import { addDays } from "#lib/core/clock.ts";
import { monitoringRows } from "#lib/domain/abuse/evidence/rules.ts";
import { agreementRows } from "#lib/domain/agreements/evidence/rules.ts";
import { assistanceRows } from "#lib/domain/assistance/evidence/rules.ts";
import { type EndingFacts, endingRows } from "#lib/domain/ending/evidence/rules.ts";
import { tuningRows } from "#lib/domain/fine-tuning/evidence/rules.ts";
import { connectionRows } from "#lib/domain/integrations/evidence/rules.ts";
import { type KeyFacts, keyRows } from "#lib/domain/keys/evidence/rules.ts";
import { spendRows } from "#lib/domain/limits/evidence/rules.ts";
import { lifecycleRows } from "#lib/domain/models/evidence/rules.ts";
import { contactRows } from "#lib/domain/notices/evidence/rules.ts";
import { changeRows } from "#lib/domain/publications/evidence/rules.ts";
import { deletionRows } from "#lib/domain/retention/deletions/evidence/rules.ts";
import { contentRows } from "#lib/domain/retention/evidence/rules.ts";
import { statusRows } from "#lib/domain/status/evidence/rules.ts";
import { rightRows } from "#lib/domain/suspensions/evidence/rules.ts";
import { tunedRows } from "#lib/domain/tuned-models/evidence/rules.ts";
import { type ZeroFacts, zeroRows } from "#lib/domain/zero-retention/evidence/rules.ts";
import { type AllEvidence, clauseRows, comingRows, isShown, sortedRows, stateWords } from "./rules.ts";
import { timelineOf } from "./timeline/rules.ts";

const now = new Date("2026-11-10T12:00:00Z");
const day = (days: number) => addDays(now, days);
const states = (rows: Readonly<Record<string, Evidence>>, ...ids: string[]) => ids.map((id) => rows[id]?.state);

const ending: EndingFacts = { hasBegun: true, firstEnd: day(21), days: 15, termination: null, clocks: [], now };
const ended = (change = {}) => ({
  ...ending,
  firstEnd: null,
  termination: {
    kind: "convenience" as const,
    words: null,
    noticedAt: day(-40),
    endsAt: day(-10),
    appliedAt: day(-10),
    drainedAt: day(-10),
    finalizedAt: day(-10),
    ...change,
  },
});

describe("contract 3: every state of every clause follows from facts", () => {
  test("contract 3, T-6-CONV, T-6-OTHER, T-6-EFF: from no notice to the last bill, and an end that was not carried out", () => {
    const ids = ["T-6-CONV", "T-6-OTHER", "T-6-EFF"];
    expect(states(endingRows({ ...ending, hasBegun: false }), ...ids)[0]).toBe("open");
    expect(states(endingRows(ending), ...ids)).toEqual(["open", "not_applicable", "not_applicable"]);
    expect(endingRows(ending)["T-6-CONV"].next?.at).toEqual(day(6));
    const coming = ended({ endsAt: day(20), appliedAt: null, drainedAt: null, finalizedAt: null });
    expect(states(endingRows(coming), ...ids)).toEqual(["running", "not_applicable", "running"]);
    expect(states(endingRows(ended({ appliedAt: null })), ...ids)).toEqual(["running", "not_applicable", "broken"]);
    expect(states(endingRows(ended({ finalizedAt: null })), ...ids)[2]).toBe("running");
    expect(states(endingRows(ended()), ...ids)).toEqual(["kept", "not_applicable", "kept"]);
    const cause = endingRows(ended({ kind: "cause_provider", words: "Unpaid." }));
    expect(states(cause, ...ids)).toEqual(["not_applicable", "kept", "kept"]);
    expect(cause["T-6-OTHER"].words).toContain("Unpaid.");
  });

  test("contract 3, T-4.3-DEL2, T-4.2.3-DEL2: what is kept for a return, came back, was deleted, or is kept too long", () => {
    const clock = { kind: "agents" as const, purgeAt: day(20), restoredAt: null, purgedAt: null };
    const state = (change: object) => endingRows({ ...ended(), clocks: [{ ...clock, ...change }] })["T-4.3-DEL2"].state;
    expect([{}, { restoredAt: now }, { purgedAt: now }, { purgeAt: day(-1) }].map(state)).toEqual([
      "running",
      "kept",
      "kept",
      "broken",
    ]);
    expect(endingRows(ended())["T-4.2.3-DEL2"].state).toBe("not_applicable");
  });

  test("contract 3, T-4.2.1-KEY3: keys that live after the end break the promise", () => {
    const keys: KeyFacts = {
      ...{ firstAt: null, live: 0, endless: 0, anyModel: 0, unused: 0, nextExpiry: null, endedKeys: 0, endedAt: null },
      ...{ endsAt: null, attestedAt: null, leakedAt: null, leaked: 0, firstCallAt: null },
    };
    const ids = ["T-4.2.1-KEY1", "T-4.2.1-KEY2", "T-4.2.1-KEY3", "T-4.2.1-KEY4", "T-4.2.1-KEY5"];
    expect(states(keyRows(keys), ...ids)).toEqual(["due", "open", "open", "open", "open"]);
    const used = { ...keys, firstAt: now, live: 2, nextExpiry: day(3), leakedAt: now, leaked: 1, firstCallAt: now };
    expect(states(keyRows(used), ...ids)).toEqual(["kept", "running", "open", "kept", "kept"]);
    expect(states(keyRows({ ...used, endsAt: day(9) }), ...ids)[2]).toBe("running");
    expect(states(keyRows({ ...used, endedAt: now }), ...ids)[2]).toBe("broken");
    expect(states(keyRows({ ...used, live: 0, endedAt: now }), ...ids)[2]).toBe("kept");
  });

  test("contract 3, T-4.2.2.2-ZDR1: a request's way from asking to nothing being kept, and a check that found something", () => {
    const ids = [1, 2, 3, 4, 5].map((number) => `T-4.2.2.2-ZDR${number}`);
    const request = {
      ...{ state: "submitted" as const, reason: "legal", scope: "organization", createdAt: now, decidedAt: null },
      ...{ activeAt: null, endedAt: null, stuckOn: null, brokenAt: null, verifiedAt: null },
    };
    const of = (change: object, facts: Partial<ZeroFacts> = {}) =>
      states(
        zeroRows({
          plan: "paid",
          since: null,
          kept: 0,
          downgradedAt: null,
          request: { ...request, ...change },
          ...facts,
        }),
        ...ids,
      );
    expect(states(zeroRows({ plan: "paid", since: null, kept: 0, downgradedAt: null, request: null }), ...ids)).toEqual(
      ["open", "open", "open", "not_applicable", "not_applicable"],
    );
    expect(of({})).toEqual(["kept", "running", "open", "not_applicable", "not_applicable"]);
    expect(of({ state: "asked" }).slice(0, 2)).toEqual(["due", "due"]);
    expect(of({ state: "implementing", decidedAt: now })[2]).toBe("running");
    expect(of({ state: "implementing", decidedAt: now, stuckOn: "a request" })[2]).toBe("at_risk");
    expect(of({ state: "denied", decidedAt: now })[2]).toBe("kept");
    const active = { state: "active", decidedAt: now, activeAt: now };
    expect(of(active, { since: now })).toEqual(["kept", "kept", "kept", "kept", "running"]);
    expect(of(active, { since: now, kept: 3 })[3]).toBe("at_risk");
    expect(of({ ...active, brokenAt: now }, { since: now })[3]).toBe("broken");
    expect(of(active, { plan: "free", downgradedAt: now })[4]).toBe("kept");
  });

  test("contract 3, T-7-SUB, T-7-EXIT: announced, told, in force for this customer; disagreed with, or agreed by use", () => {
    const change = {
      kind: "terms",
      version: 3,
      title: "Terms",
      announcedAt: day(-5),
      noticedAt: day(-5),
      effectiveAt: day(26),
    };
    const facts = { small: null, substantial: change, ending: null, impliedAt: null, now };
    const of = (more: object) => states(changeRows({ ...facts, ...more }), "T-7-SUB", "T-7-EXIT");
    expect(of({ substantial: null })).toEqual(["open", "open"]);
    expect(of({ substantial: { ...change, noticedAt: null, effectiveAt: null } })).toEqual(["running", "open"]);
    expect(of({})).toEqual(["due", "running"]);
    expect(of({ substantial: { ...change, effectiveAt: day(-1) }, impliedAt: day(0) })).toEqual(["kept", "kept"]);
    expect(of({ ending: { kind: "disagreement", noticedAt: now, endsAt: day(26) } })[1]).toBe("kept");
  });

  test("contract 3, T-4.3-DEL3, T-4.2.2.2-D1: what was not done in time, or is kept too long, is broken", () => {
    const asked = { receivedAt: day(-3), dueAt: day(7), doneAt: null, open: 1 };
    const deletion = (change: object) =>
      deletionRows({ agents: { ...asked, ...change }, models: null, now })["T-4.3-DEL3"].state;
    expect([{}, { dueAt: day(-1) }, { doneAt: day(1) }, { doneAt: day(8) }].map(deletion)).toEqual([
      "running",
      "broken",
      "kept",
      "broken",
    ]);
    const nothing = { requests: 0, oldest: null };
    const content = (oldest: Date) =>
      contentRows({ training: nothing, others: { requests: 4, oldest }, days: 30, isFree: false, now });
    expect(states(content(day(-29)), "T-4.2.2.1-D1", "T-4.2.2.2-D1")).toEqual(["not_applicable", "running"]);
    expect(states(content(day(-31)), "T-4.2.2.2-D1")).toEqual(["broken"]);
    expect(
      states(contentRows({ training: nothing, others: nothing, days: 30, isFree: true, now }), "T-4.2.2.1-D1"),
    ).toEqual(["open"]);
  });

  test("contract 3, T-4.2.1-DISC3, T-4.1-USE: letters that did not arrive, suspensions, appeals that are late", () => {
    const letter = { subject: "Changed terms", state: "sent" as const, at: now, answer: "250 OK" };
    const contact = (change: object) =>
      contactRows({ email: "a@example.com", letter, waiting: 0, ...change })["T-4.2.1-DISC3"].state;
    expect([{}, { letter: null }, { letter: { ...letter, state: "bounced" } }, { waiting: 1 }].map(contact)).toEqual([
      "kept",
      "open",
      "at_risk",
      "at_risk",
    ]);
    const suspended = {
      status: "suspended" as const,
      startedAt: now,
      appealedAt: null,
      appealDueAt: null,
      decidedAt: null,
      now,
    };
    const use = (change: object) => rightRows({ ...suspended, ...change })["T-4.1-USE"].state;
    const appealed = { appealedAt: day(-3), appealDueAt: day(4) };
    expect(
      [{ status: "active" }, {}, appealed, { ...appealed, appealDueAt: day(-1) }, { status: "terminated" }].map(use),
    ).toEqual(["running", "due", "running", "broken", "not_applicable"]);
  });

  test("contract 3, T-4.4-SLO3: a notice before the beginning excludes for this customer, one after it does not", () => {
    const sums = { upMs: 9, degradedMs: 0, downMs: 1, excludedMs: 0, unknownMs: 0 };
    const of = (maintenance: object | null) =>
      statusRows({
        ...{ sums, incidents: 0, incidentSince: null, now },
        maintenance: maintenance && {
          title: "Disks",
          startsAt: day(1),
          endsAt: day(2),
          noticedAt: null,
          ...maintenance,
        },
      })["T-4.4-SLO3"];
    expect(of(null).state).toBe("open");
    expect(of({ noticedAt: day(-2) }).words).toContain("excluded for you");
    expect(of({}).words).toContain("you are not told yet");
    expect(of({ startsAt: day(-1), noticedAt: day(0) })).toMatchObject({ state: "at_risk" });
  });

  test("contract 3, T-4.2.2.2-LIM1, T-4.2.3-1: what waits for a person says so", () => {
    const spend = {
      ...{ isFree: false, limits: 1, reached: 0, limitCents: 15_000n, spentCents: 0n, heldCents: 0n },
      ...{ changedAt: null, alert: null, monthEnd: day(20) },
    };
    expect(spendRows(spend)["T-4.2.2.2-LIM1"].state).toBe("running");
    expect(spendRows({ ...spend, reached: 1, spentCents: 15_000n })["T-4.2.2.2-LIM1"]).toMatchObject({
      state: "due",
      words: expect.stringContaining("€150.00 of €150.00"),
    });
    const job = { id: "1", status: "VALIDATED" as const, steps: 0, waitsFor: null, at: now };
    expect(tuningRows({ job, files: 1, eligible: 0 })["T-4.2.3-1"].state).toBe("due");
    expect(tuningRows({ job: null, files: 1, eligible: 1 })["T-4.2.3-DATA"].state).toBe("broken");
    const model = { model: "small", announcedAt: now, retiresAt: day(184) };
    expect(states(lifecycleRows({ ending: [model], before: 1, uses: 2 }), "T-4.2.1-DISC1", "T-4.2.1-DISC4")).toEqual([
      "running",
      "due",
    ]);
    expect(states(lifecycleRows({ ending: [], before: 0, uses: 0 }), "T-4.2.1-DISC2")).toEqual(["open"]);
    const services = { connected: 0, lost: 0, failing: 0, failingSince: null, unread: 0, lastRead: null };
    const connected = { live: 1, failing: 1, off: 0, failingSince: now, reporting: 0, services };
    expect(connectionRows(connected)["T-4.2.1-TPS1"].state).toBe("at_risk");
    const offer = { state: "offered" as const, requestedAt: now, endsAt: null, endedAt: null, reads: 0 };
    expect(assistanceRows({ grant: offer })["T-4.2.3-ASSIST"].state).toBe("due");
    const watched = { isZeroRetention: true, flags: 0, items: 0, opened: 0, decided: 0 };
    expect(monitoringRows(watched)["T-4.2.2-ABUSE"].state).toBe("not_applicable");
    const tuned = { active: 0, archived: 0, unserved: 1, isOver: false, endsAt: null, deletion: null };
    const none = { open: 0, done: 0, until: null, lastAt: null };
    expect(tunedRows({ ...tuned, transfers: none })["T-4.2.3-2"].state).toBe("at_risk");
    const used = { number: 1, startsAt: now, endsAt: null, endedAt: null, firstUseAt: now, acceptedAt: day(1) };
    expect(agreementRows(used)["T-1-EFF"].words).toBe("The first use counts.");
    expect(agreementRows({ ...used, firstUseAt: day(2) })["T-1-EFF"].words).toBe("The acceptance counts.");
  });
});

describe("contract 3: the list of them", () => {
  const all = (state: Evidence["state"]): AllEvidence =>
    Object.fromEntries(register.map(({ id }) => [id, shown(state, "Words.")])) as Record<
      string,
      Evidence
    > as AllEvidence;

  test("contract 3: what is broken comes first, and each filter shows what its name says", () => {
    const rows = clauseRows(
      {
        evidence: { ...all("kept"), "T-5.1": shown("broken", "No."), "T-7-NS": shown("running", "Yes.") },
        acts: [],
        deadlines: [],
      },
      now,
    );
    const sorted = sortedRows(rows);
    expect(sorted.slice(0, 3).map(({ id }) => id)).toEqual(["T-5.1", "T-7-NS", "T-PRE-1"]);
    const count = (show: "needs-me" | "running" | "all") => sorted.filter((row) => isShown(row, { show })).length;
    expect([count("needs-me"), count("running"), count("all")]).toEqual([1, 2, 71]);
    expect(Object.keys(stateWords).toSorted()).toEqual([...evidenceStates].toSorted());
  });

  test("contract 3: of two dates the sooner is the next, and one that is past is none", () => {
    const deadline = (clock: string, dueAt: Date) => ({ clock, clause: "T-5.2-DISP", owner: "customer", dueAt });
    const next = (evidence: Evidence, ...dates: Date[]) => {
      const deadlines = dates.map((at) => deadline("dispute.window", at));
      return clauseRows({ evidence: { ...all("open"), "T-5.2-DISP": evidence }, acts: [], deadlines }, now).find(
        ({ id }) => id === "T-5.2-DISP",
      )?.next?.at;
    };
    const own = shown("open", "Words.", { next: { at: day(5), words: "Own" } });
    expect(next(own, day(9), day(7))).toEqual(day(5));
    expect(next(own, day(3), day(1))).toEqual(day(1));
    expect(next(shown("open", "Words."), day(-1))).toBeUndefined();
  });

  test("contract 3: the three soonest dates are shown, and the timeline has what was, what is due and what an end brings", () => {
    const next = (days: number) => shown("open", "Words.", { next: { at: day(days), words: `In ${days}` } });
    const evidence = {
      ...all("kept"),
      "T-5.1": next(9),
      "T-7-NS": next(2),
      "T-6-EFF": next(5),
      "T-PRE-2": next(-1),
      "T-2-INC": next(7),
    };
    const rows = clauseRows({ evidence, acts: [], deadlines: [] }, now);
    expect(comingRows(rows, now).map(({ id }) => id)).toEqual(["T-7-NS", "T-6-EFF", "T-2-INC"]);
    const past = [{ at: day(-300), what: "Agreement no. 1 began", clause: "T-1-EFF" }];
    const deadlines = [{ clock: "contract.end", clause: "T-6-EFF", owner: "customer", dueAt: day(4) }];
    const steps = [-1, 4].map((days) => ({
      at: day(days),
      what: `Step ${days}`,
      clause: "T-6-EFF" as const,
      count: null,
    }));
    expect(timelineOf({ past, deadlines, steps, now }).map(({ what, isAhead }) => [what, isAhead])).toEqual([
      ["The agreement ends", true],
      ["Step 4", true],
      ["Agreement no. 1 began", false],
    ]);
  });
});
