import type { Plan } from "#lib/domain/organizations/plan/rules.ts";
import { entitlements } from "#lib/domain/organizations/plan/rules.ts";

/** A job that waits for a trainer, in its organization's own order. */
export type Waiting<Ref> = { ref: Ref; startedAt: Date; tokens: number };

/** What an organization has in the line of one kind of trainer. */
export type LineUp<Ref> = {
  plan: Plan;
  /** Trainings under way, of all kinds and of this one. */
  running: number;
  runningHere: number;
  /** Tokens it trained in the last day. */
  tokens: number;
  waiting: readonly Waiting<Ref>[];
};

const mayRun = <Ref>({ plan, running, waiting }: LineUp<Ref>): boolean =>
  waiting.length > 0 && running < entitlements[plan].tuning.runningMax;

/** Whoever runs fewest here goes first, then who trained least lately, then who waits longest. */
function compare<Ref>(a: LineUp<Ref>, b: LineUp<Ref>): number {
  const since = ({ waiting }: LineUp<Ref>): number => waiting[0]?.startedAt.getTime() ?? 0;
  return a.runningHere - b.runningHere || a.tokens - b.tokens || since(a) - since(b);
}

/** The line-up whose oldest job is next; undefined where no one may begin another. */
export const nextUp = <Ref>(line: readonly LineUp<Ref>[]): LineUp<Ref> | undefined =>
  line.filter(mayRun).toSorted(compare)[0];

/**
 * The order in which waiting jobs begin, were none to end before: what a place in line is counted from. The plan's limits
 * are left out, because what runs now has ended by then.
 */
export function orderOf<Ref>(line: readonly LineUp<Ref>[]): Waiting<Ref>[] {
  const order: Waiting<Ref>[] = [];
  let rest = line.map((one) => ({ ...one, running: 0, plan: "order" as const }));
  for (let next = nextUp(rest); next; next = nextUp(rest)) {
    const [first, ...others] = next.waiting;
    if (!first) break;
    order.push(first);
    const after = {
      ...next,
      plan: "order" as const,
      runningHere: next.runningHere + 1,
      tokens: next.tokens + first.tokens,
      waiting: others,
    };
    rest = rest.map((one) => (one === next ? after : one));
  }
  return order;
}
