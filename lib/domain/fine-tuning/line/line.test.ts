import fc from "fast-check";
import { expect, test } from "vitest";
import { type LineUp, nextUp, orderOf } from "./rules.ts";

type Named = { organization: number; job: number };

const at = (minutes: number): Date => new Date(Date.UTC(2026, 10, 29) + minutes * 60_000);
const lineUp = (change: Partial<LineUp<string>>): LineUp<string> => ({
  plan: "paid",
  running: 0,
  runningHere: 0,
  tokens: 0,
  waiting: [{ ref: "a", startedAt: at(0), tokens: 1 }],
  ...change,
});
const waiting = (ref: string, minutes = 0) => [{ ref, startedAt: at(minutes), tokens: 1 }];

test.each([
  [
    "who runs fewest here goes first",
    [
      { runningHere: 1, waiting: waiting("a") },
      { runningHere: 0, tokens: 9, waiting: waiting("b") },
    ],
    "b",
  ],
  [
    "then who trained least in the last day",
    [
      { tokens: 5, waiting: waiting("a") },
      { tokens: 4, waiting: waiting("b", 9) },
    ],
    "b",
  ],
  ["then who waits longest", [{ waiting: waiting("a", 9) }, { waiting: waiting("b", 1) }], "b"],
  ["the free plan runs one at once", [{ plan: "free" as const, running: 1, waiting: waiting("a") }], undefined],
  ["a paid one two", [{ running: 1, waiting: waiting("a") }], "a"],
  ["and no third", [{ running: 2, waiting: waiting("a") }], undefined],
])("fine-tuning 35: %s", (_what, line, first) => {
  expect(nextUp(line.map(lineUp))?.waiting[0]?.ref).toBe(first);
});

test("fine-tuning 35: with k organizations none waits longer than two longest jobs of each other while another starts twice", () => {
  const world = fc.array(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }), {
    minLength: 2,
    maxLength: 6,
  });
  fc.assert(
    fc.property(world, fc.integer({ min: 1, max: 3 }), (organizations, trainers) => {
      const begins = simulate(organizations, trainers);
      expect(begins).toHaveLength(organizations.flat().length);
      // Each of the others may catch up with what this one trained last, and is then let begin one more.
      const most = 2 * (organizations.length - 1) * Math.max(...organizations.flat());
      for (const organization of organizations.keys())
        for (const wait of waitsOf(organization, begins))
          if (wait.isPassedTwice) expect(wait.minutes).toBeLessThanOrEqual(most);
    }),
    { numRuns: 1000 },
  );
});

type Begin = Named & { minute: number; minutes: number };

/** How long each job of an organization waited after the one before it ended, and whether another began two meanwhile. */
function waitsOf(organization: number, begins: readonly Begin[]): { minutes: number; isPassedTwice: boolean }[] {
  const own = begins.filter((one) => one.organization === organization);
  return own.map(({ minute }, index) => {
    const before = own[index - 1];
    const since = before ? Math.min(minute, before.minute + before.minutes) : 0;
    const passing = begins.filter(
      (one) => one.organization !== organization && one.minute >= since && one.minute < minute,
    );
    const isPassedTwice = passing.some((one) =>
      passing.some((other) => other !== one && other.organization === one.organization),
    );
    return { minutes: minute - since, isPassedTwice };
  });
}

/** All jobs wait from the beginning; a trainer takes the next one as soon as it is free. */
function simulate(organizations: readonly number[][], trainers: number): Begin[] {
  const rest = organizations.map((jobs) => jobs.map((minutes, job) => ({ job, minutes })));
  const trained = organizations.map(() => 0);
  let running: (Named & { until: number })[] = [];
  const begins: Begin[] = [];
  for (let minute = 0; rest.some((jobs) => jobs.length > 0); minute++) {
    running = running.filter(({ until }) => until > minute);
    while (running.length < trainers) {
      const line = rest.map((jobs, organization) => {
        const own = running.filter((one) => one.organization === organization).length;
        const refs = jobs.map(({ job, minutes }) => ({
          ref: { organization, job },
          startedAt: at(0),
          tokens: minutes,
        }));
        return {
          plan: "paid" as const,
          running: own,
          runningHere: own,
          tokens: trained[organization] ?? 0,
          waiting: refs,
        };
      });
      const next = nextUp(line)?.waiting[0];
      if (!next) break;
      const { organization, job } = next.ref;
      begins.push({ organization, job, minute, minutes: next.tokens });
      running.push({ organization, job, until: minute + next.tokens });
      trained[organization] = (trained[organization] ?? 0) + next.tokens;
      rest[organization] = (rest[organization] ?? []).slice(1);
    }
  }
  return begins;
}

test("the place in line is the order in which jobs begin", () => {
  const order = orderOf([
    lineUp({ tokens: 5, waiting: [...waiting("a1"), ...waiting("a2")] }),
    lineUp({ tokens: 0, waiting: [...waiting("b1", 1), ...waiting("b2", 2), ...waiting("b3", 3)] }),
  ]);
  expect(order.map(({ ref }) => ref)).toEqual(["b1", "a1", "b2", "a2", "b3"]);
});
