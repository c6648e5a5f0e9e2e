import { expect, test } from "vitest";
import { decide, limitedBy, type ReservationNeed } from "./decide.ts";
import { Pool } from "./pool.ts";

const fixed = (amount: bigint): ReservationNeed => ({ least: amount, useful: amount, most: amount });
const flexible: ReservationNeed = { least: 5n, useful: 20n, most: 100n };

type State = {
  free: bigint;
  inFlight?: bigint;
  limit?: [limit: bigint, settled: bigint, held: bigint, reserved?: bigint];
};

function pool({ free, inFlight = 0n, limit }: State): Pool {
  const made = new Pool({ organizationId: "org_1", scope: "workspace", scopeId: "ws_1", month: "2026-11-01" });
  made.free = free;
  made.inFlight = inFlight;
  if (limit)
    made.standing = {
      period: "month",
      limit: limit[0],
      settled: limit[1],
      held: limit[2],
      reserved: limit[3] ?? 0n,
      jobs: [],
    };
  return made;
}

const asked = { isAsked: true, isLate: false };
const unasked = { isAsked: false, isLate: false };
const late = { isAsked: true, isLate: true };

test.each<[string, ReservationNeed, State[], typeof asked, object]>([
  [
    "enough is leased: taken without asking",
    fixed(10n),
    [{ free: 10n }, { free: 99n }],
    unasked,
    { kind: "take", amount: 10n },
  ],
  [
    "too little is leased on one scope: the database is asked",
    fixed(10n),
    [{ free: 99n }, { free: 9n }],
    unasked,
    { kind: "wait" },
  ],
  [
    "spent leaves too little: refused from memory",
    fixed(10n),
    [{ free: 0n, limit: [100n, 91n, 0n] }],
    unasked,
    { kind: "refuse", isReached: true },
  ],
  [
    "spent leaves just enough: not refused",
    fixed(10n),
    [{ free: 0n, limit: [100n, 90n, 0n] }],
    unasked,
    { kind: "wait" },
  ],
  [
    "at the limit is over it",
    fixed(1n),
    [{ free: 0n, limit: [100n, 100n, 0n] }],
    unasked,
    { kind: "refuse", isReached: true },
  ],
  [
    "the rest is held by another process: waits",
    fixed(10n),
    [{ free: 0n, limit: [100n, 80n, 20n] }],
    asked,
    { kind: "wait" },
  ],
  [
    "the rest is held by this process: waits",
    fixed(10n),
    [{ free: 0n, inFlight: 20n, limit: [100n, 80n, 20n] }],
    asked,
    { kind: "wait" },
  ],
  [
    "fine-tuning 28: the rest is held by a job for hours: refused at once",
    fixed(10n),
    [{ free: 0n, limit: [100n, 80n, 20n, 15n] }],
    unasked,
    { kind: "refuse", isReached: true },
  ],
  [
    "fine-tuning 28: a job and a request hold the rest: waits for the request alone",
    fixed(10n),
    [{ free: 0n, limit: [100n, 60n, 40n, 25n] }],
    asked,
    { kind: "wait" },
  ],
  [
    "held for too long: refused, but not as reached",
    fixed(10n),
    [{ free: 0n, limit: [100n, 80n, 20n] }],
    late,
    { kind: "refuse", isReached: false },
  ],
  [
    "no length of its own and nobody else: takes what is left",
    flexible,
    [{ free: 6n, limit: [100n, 94n, 6n] }],
    asked,
    { kind: "take", amount: 6n },
  ],
  [
    "no length of its own, others under way, enough to be of use: takes it",
    flexible,
    [{ free: 20n, inFlight: 9n, limit: [100n, 70n, 29n] }],
    asked,
    { kind: "take", amount: 20n },
  ],
  [
    "no length of its own, others under way, hardly anything left: waits",
    flexible,
    [{ free: 19n, inFlight: 9n, limit: [100n, 70n, 28n] }],
    asked,
    { kind: "wait" },
  ],
  [
    "the same after waiting: takes it",
    flexible,
    [{ free: 19n, inFlight: 9n, limit: [100n, 70n, 28n] }],
    late,
    { kind: "take", amount: 19n },
  ],
  ["a limit that was changed this moment is not refused from", fixed(10n), [{ free: 0n }], asked, { kind: "wait" }],
])("%s", (_name, ask, states, when, expected) => {
  expect(decide(ask, states.map(pool), when)).toMatchObject(expected);
});

test("the tightest limit is the one that leaves least, and scopes without one do not count", () => {
  const pools = [
    pool({ free: 0n }),
    pool({ free: 0n, limit: [100n, 50n, 0n] }),
    pool({ free: 0n, limit: [60n, 20n, 0n] }),
  ];
  expect(limitedBy(pools)).toBe(pools[2]);
  expect(limitedBy([pool({ free: 0n })])).toBeUndefined();
});
