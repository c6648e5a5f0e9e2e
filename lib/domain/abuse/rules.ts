import type { abuseItems, abuseSources } from "#db/schema/monitoring.ts";

export type AbuseSource = (typeof abuseSources)[number];
export type ItemState = (typeof abuseItems.$inferSelect)["state"];
export type Outcome = Exclude<ItemState, "open">;

/** Who or what saw a sign of abuse. */
export const sourceTitles: Record<AbuseSource, string> = {
  model: "Moderation model",
  rule: "Rule",
  refusals: "Refused answers",
  figures: "Unusual use",
  report: "Report",
};

export const stateTitles: Record<ItemState, string> = {
  open: "Open",
  dismissed: "Dismissed",
  warned: "Warned",
  restricted: "Workspace archived",
  suspended: "Suspension",
  legal: "With legal",
};

/** How long an item is there, as long as what it points at. */
export const itemDays = 30;
/** The most requests an item names, and so the most that are ever opened for it. */
export const mostRequests = 5;
/** How long an opening lasts. */
export const openingMinutes = 120;
/** The longest an order can put off what the customer is told. */
export const mostGagDays = 90;

/** Requests an item names once more were flagged: the first ones, each once. */
export const namedRequests = (named: readonly string[], flagged: readonly string[]): string[] =>
  [...new Set([...named, ...flagged])].slice(0, mostRequests);
