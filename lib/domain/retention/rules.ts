import type { StatefulClass } from "#db/schema/zero-retention.ts";
import { sqlstate, sqlstateOf } from "#db/sqlstate.ts";
import { AppError } from "#lib/core/errors.ts";

/** Why what is kept cannot be had by an organization of which nothing may be (T-4.2.2.2-ZDR4). */
export const zeroRetention = (kept = "Agents, conversations and files are kept"): AppError =>
  new AppError("forbidden", `${kept}, and nothing of this organization may be: it is under zero retention.`, {
    code: "zdr_incompatible",
  });

type Retention = { isZeroRetention: boolean; keptClasses: readonly string[] };

/** Whether something that is about a state must be refused: nothing may be kept, and the customer did not ask to keep that. */
export const mustNotKeep = ({ isZeroRetention, keptClasses }: Retention, kind: StatefulClass): boolean =>
  isZeroRetention && !keptClasses.includes(kind);

/** What someone is told who deletes what is under a legal hold. It does not say so: the law may forbid that. */
const notDeletable = (): AppError =>
  new AppError("conflict", "This cannot be deleted at the moment. Ask in Help until when.", { code: "not_deletable" });

/** What the database refused because of zero retention or a hold, in words: it knows of both before a process does. */
export function asRefusal(error: unknown): unknown {
  const state = sqlstateOf(error);
  if (state === sqlstate.keepsNothing) return zeroRetention();
  return state === sqlstate.isHeld ? notDeletable() : error;
}
