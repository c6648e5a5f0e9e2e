import { auditActions } from "#lib/core/audit-actions.ts";
import { type Evidence, type EvidenceState, evidenceStates } from "#lib/core/clauses/evidence.ts";
import { type ClauseId, register } from "#lib/core/clauses/register.ts";
import { type ClockName, clocks } from "#lib/domain/deadlines/rules.ts";
import type { ClauseFilter } from "./input.ts";
import type { ClauseRow, LastAct, OpenDeadline } from "./view.ts";

export type AllEvidence = Readonly<Record<ClauseId, Evidence>>;

export const stateWords: Readonly<Record<EvidenceState, string>> = {
  broken: "Broken",
  at_risk: "At risk",
  due: "Needs an act",
  running: "Running",
  kept: "Kept",
  open: "Not yet",
  text: "By its text",
  not_applicable: "Does not apply",
};

const clockNamed = (name: string) => (name in clocks ? clocks[name as ClockName] : undefined);

/** An overdue promise is a broken one, whatever else is there; what has an effect of its own takes it by itself. */
function isBroken({ clock, dueAt }: OpenDeadline, now: Date): boolean {
  return dueAt <= now && clockNamed(clock)?.hasEffect === false;
}

function withDeadlines(evidence: Evidence, open: readonly OpenDeadline[], now: Date): Evidence {
  if (open.some((one) => isBroken(one, now))) return { ...evidence, state: "broken" };
  const ahead = open.filter(({ dueAt }) => dueAt > now).toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  const [first] = ahead;
  if (!first || (evidence.next && evidence.next.at <= first.dueAt)) return evidence;
  return { ...evidence, next: { at: first.dueAt, words: clockNamed(first.clock)?.words ?? first.clock } };
}

const actionWords = (action: string): string =>
  action in auditActions ? auditActions[action as keyof typeof auditActions] : action;

type Found = { evidence: AllEvidence; acts: readonly LastAct[]; deadlines: readonly OpenDeadline[] };

/** Every clause of the register with its evidence, in the order of the terms. */
export function clauseRows({ evidence, acts, deadlines }: Found, now: Date): ClauseRow[] {
  return register.map(({ evidence: _name, ...clause }) => {
    const own = deadlines.filter((one) => one.clause === clause.id);
    const act = acts.find((one) => one.clause === clause.id);
    const row = withDeadlines(evidence[clause.id], own, now);
    return {
      ...clause,
      ...row,
      at: row.at ?? act?.at ?? null,
      last: act ? { at: act.at, words: actionWords(act.action), by: act.actorName } : null,
    };
  });
}

/** What waits for someone, or has gone wrong. */
const needing: readonly EvidenceState[] = ["broken", "at_risk", "due"];
const under: readonly EvidenceState[] = [...needing, "running"];

export const isShown = ({ state }: { state: EvidenceState }, { show }: ClauseFilter): boolean =>
  show === "all" || (show === "needs-me" ? needing : under).includes(state);

/** What is broken comes first, then what may be, and within a state the order of the terms. */
export function sortedRows(rows: readonly ClauseRow[]): ClauseRow[] {
  return rows.toSorted((a, b) => evidenceStates.indexOf(a.state) - evidenceStates.indexOf(b.state));
}

const comingShown = 3;

/** The clauses whose dates come next. */
export function comingRows(rows: readonly ClauseRow[], now: Date): ClauseRow[] {
  const nextOf = ({ next }: ClauseRow) => next?.at.getTime() ?? Number.POSITIVE_INFINITY;
  return rows
    .filter(({ next }) => next !== null && next.at > now)
    .toSorted((a, b) => nextOf(a) - nextOf(b))
    .slice(0, comingShown);
}
