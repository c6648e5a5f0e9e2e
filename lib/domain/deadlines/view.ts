import type { Id } from "#db/id.ts";
import type { ClockName, DeadlineOwner } from "./rules.ts";

/** A deadline of a customer, as lists show it. */
export type DeadlineView = {
  id: Id<"deadline">;
  clock: ClockName;
  clause: string;
  owner: DeadlineOwner;
  subjectKind: string;
  subjectId: string;
  /** What tells it from others of its kind. */
  label: string | null;
  openedAt: Date;
  dueAt: Date;
  brokenAt: Date | null;
  metAt: Date | null;
  cancelledAt: Date | null;
};

/** The same with whose it is, for staff. */
export type DeskDeadline = DeadlineView & { organizationId: Id<"organization">; organizationName: string };
