import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Act,
  acts,
  after,
  approvalBy,
  isFinal,
  isInForce,
  retryMinutes,
  reviewProblem,
  type State,
} from "./rules.ts";

/** The edges, written down a second time as the terms have them. */
const allowed: Record<State, Partial<Record<Act, State>>> = {
  submitted: { claim: "in_review", withdraw: "withdrawn", end: "ended" },
  in_review: {
    claim: "in_review",
    ask: "asked",
    sign: "in_review",
    approve: "approved",
    deny: "denied",
    withdraw: "withdrawn",
    end: "ended",
  },
  asked: { answer: "in_review", deny: "denied", withdraw: "withdrawn", end: "ended" },
  approved: { begin: "implementing", withdraw: "withdrawn", revoke: "revoked", end: "ended" },
  implementing: { begin: "implementing", activate: "active", withdraw: "withdrawn", revoke: "revoked", end: "ended" },
  active: { giveNotice: "ending", revoke: "revoked", end: "ended" },
  ending: { revoke: "revoked", end: "ended" },
  ended: {},
  denied: {},
  withdrawn: {},
  revoked: {},
};

const people = ["requester", "member", "ada", "ben", "cleo"] as const;

type Step = { act: Act; by: (typeof people)[number] };
// What ends a request is tried less often, so that many come far.
const act = fc.oneof(
  {
    arbitrary: fc.constantFrom(...acts.filter((act) => !["withdraw", "deny", "revoke", "end"].includes(act))),
    weight: 9,
  },
  { arbitrary: fc.constantFrom(...acts), weight: 1 },
);
const steps = fc.array(fc.record<Step>({ act, by: fc.constantFrom(...people) }), {
  minLength: 1,
  maxLength: 60,
  size: "max",
});

type Tried = { state: State; firstApprover: string | null; approver: string | null };

/** What a person's try comes to before the state is asked; null where they may not. */
function actOf(request: Tried, { act, by }: Step, needed: 1 | 2): Act | null {
  const isApproval = act === "approve" || act === "sign";
  const isStaffs = isApproval || ["claim", "ask", "deny"].includes(act);
  const problem = reviewProblem({ requesterId: "requester" }, { id: by, isMember: by === "member" });
  if (isStaffs && problem) return null;
  return isApproval ? approvalBy(request, by, needed) : act;
}

/** A request as its row is, taken through what people try. */
function run(tried: readonly Step[], needed: 1 | 2) {
  const request: Tried = { state: "submitted", firstApprover: null, approver: null };
  const trail: State[] = [request.state];
  for (const step of tried) {
    const act = actOf(request, step, needed);
    if (!act) continue;
    const next = after(request.state, act);
    expect(next, `${request.state} ${act}`).toBe(allowed[request.state][act] ?? null);
    if (!next) continue;
    if (act === "sign") request.firstApprover = step.by;
    if (act === "approve") request.approver = step.by;
    request.state = next;
    trail.push(next);
  }
  return { ...request, trail };
}

const staff = ["ada", "ben", "cleo"];

/** What has to be true of each way a request can go. */
function check({ trail, firstApprover, approver }: ReturnType<typeof run>, needed: 1 | 2): void {
  const order = (["approved", "implementing", "active"] as const).map((state) => trail.indexOf(state));
  const reached = order.filter((at) => at >= 0);
  expect(reached).toEqual(order.slice(0, reached.length));
  expect(reached).toEqual(reached.toSorted((a, b) => a - b));
  const isGranted = trail.some(isInForce);
  if (isGranted) expect(staff).toContain(approver);
  if (isGranted && needed === 2) expect(staff.filter((one) => one !== approver)).toContain(firstApprover);
  // What is over stays over, and what is in force is over only once.
  expect(trail.slice(0, -1).filter(isFinal)).toEqual([]);
  expect(trail.map(isInForce).join()).not.toMatch(/true,false,.*true/);
}

test("help-zdr 1, T-4.2.2.2-ZDR1, T-4.2.2.2-ZDR2, T-4.2.2.2-ZDR3: 5,000 sequences of whatever people try keep to the states of a request", () => {
  const seen = new Set<State>();
  fc.assert(
    fc.property(steps, fc.constantFrom(1 as const, 2 as const), (tried, needed) => {
      const way = run(tried, needed);
      for (const state of way.trail) seen.add(state);
      check(way, needed);
    }),
    { numRuns: 5000, seed: 20_261_129 },
  );
  expect([...seen].toSorted()).toEqual(Object.keys(allowed).toSorted());
});

test("T-4.2.2.2-ZDR3: attempts wait 1, 5, 15 and 60 minutes, and then an hour each time", () => {
  expect([1, 2, 3, 4, 5, 50].map(retryMinutes)).toEqual([1, 5, 15, 60, 60, 60]);
});
