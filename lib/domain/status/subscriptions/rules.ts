import type { IncidentState } from "#lib/domain/status/rules.ts";
import type { Telling } from "./input.ts";

/** For how long the letter's link can be opened. */
export const confirmationHours = 48;
/** Told in one transaction, so that locks are short. */
export const pageSize = 200;

export const aboutIdOf = (telling: Telling): string =>
  "incidentId" in telling ? telling.incidentId : telling.maintenanceId;

/** What webhooks call it. */
export function eventTypeOf(
  number: number,
  state: IncidentState,
): "incident.opened" | "incident.updated" | "incident.resolved" {
  if (state === "resolved") return "incident.resolved";
  return number === 1 ? "incident.opened" : "incident.updated";
}
