import type { Dimension } from "#db/schema/usage.ts";
import { addDays, dayMs, dayOf, monthOf, startOfDay } from "#lib/core/clock.ts";

export type Range = { from: string; to: string };

const defaultDays = 30;
const longestDays = 400;

/** The days a page shows: what was asked for as far as it makes sense, else the last thirty. Both ends are included. */
export function rangeOf(asked: { from?: string | undefined; to?: string | undefined }, now: Date): Range {
  const to = real(asked.to) ?? dayOf(now);
  const from = real(asked.from) ?? dayOf(addDays(startOfDay(to), 1 - defaultDays));
  const earliest = dayOf(addDays(startOfDay(to), 1 - longestDays));
  if (from > to) return { from: to, to: from < dayOf(addDays(startOfDay(to), longestDays)) ? from : to };
  return { from: from < earliest ? earliest : from, to };
}

/** A day that exists: February has no 30th. */
function real(day: string | undefined): string | undefined {
  if (!day) return undefined;
  const at = startOfDay(day);
  return Number.isNaN(at.getTime()) || dayOf(at) !== day ? undefined : day;
}

/** Every day of a range, so that a chart has a bar for days without use. */
export function daysOf({ from, to }: Range): string[] {
  const days: string[] = [];
  for (let at = startOfDay(from); dayOf(at) <= to; at = addDays(at, 1)) days.push(dayOf(at));
  return days;
}

/** A range as the database compares it: the end is not part of it. */
export type Period = { start: Date; end: Date };

export const periodOf = ({ from, to }: Range): Period => ({ start: startOfDay(from), end: addDays(startOfDay(to), 1) });

/** As many days, right before. */
export function previousOf(range: Range): Range {
  const { start, end } = periodOf(range);
  const days = Math.round((end.getTime() - start.getTime()) / dayMs);
  return { from: dayOf(addDays(start, -days)), to: dayOf(addDays(start, -1)) };
}

/** The calendar month that a range is, whole or up to today: what an invoice is made for. */
export function monthOfRange({ from, to }: Range, now: Date): string | undefined {
  if (!from.endsWith("-01") || from.slice(0, 7) !== to.slice(0, 7)) return undefined;
  const isWhole = dayOf(addDays(startOfDay(to), 1)).endsWith("-01");
  return isWhole || to === dayOf(now) ? monthOf(startOfDay(from)) : undefined;
}

export const grains = ["day", "hour"] as const;
export type Grain = (typeof grains)[number];

/** Hours of more days than this would be bars too thin to see. */
export const mostDaysByHour = 14;

export const mayShowHours = (range: Range): boolean => daysOf(range).length <= mostDaysByHour;

/** A day or two is told by the hour unless days were asked for; a long range never is. */
export function grainOf(asked: Grain | undefined, range: Range): Grain {
  if (!mayShowHours(range)) return "day";
  return asked ?? (daysOf(range).length <= 2 ? "hour" : "day");
}

/** The hours or days of a range, as the sums name their beginnings: `2026-11-23` or `2026-11-23T05`. */
export function bucketsOf(range: Range, grain: Grain): string[] {
  const days = daysOf(range);
  if (grain === "day") return days;
  return days.flatMap((day) => Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, "0")}`));
}

/** What usage can be grouped by: whatever it is summed by, and the workspace, which every sum names. */
export type Grouping = Dimension | "workspace";

/** The words for each; `all` is what the filter says while it filters nothing. */
export const groupings: Record<Grouping, { noun: string; plural: string; all: string }> = {
  model: { noun: "Model", plural: "models", all: "All models" },
  key: { noun: "Key", plural: "keys", all: "All keys" },
  end_user: { noun: "End user", plural: "end users", all: "All end users" },
  workspace: { noun: "Workspace", plural: "workspaces", all: "All workspaces" },
};

/**
 * The sums that answer a grouping, and so what it can be filtered by: a sum knows its workspace and one thing more.
 * What would take two of them, one model of one key, is in the request log and nowhere here.
 */
export const dimensionOf = (by: Grouping): Dimension => (by === "workspace" ? "model" : by);

/** What is summed. */
export type Figures = {
  requests: number;
  failed: number;
  promptTokens: number;
  cachedTokens: number;
  completionTokens: number;
  costPico: bigint;
};

export const measures = ["cost", "tokens", "requests"] as const;
export type Measure = (typeof measures)[number];

/** What the explorer is asked. */
export type Question = {
  range: Range;
  grain: Grain;
  by: Grouping;
  measure: Measure;
  /** All workspaces of the organization. */
  everywhere: boolean;
  /** Only this model, key or end user. */
  only: string | undefined;
};

/** What the list of end users can be sorted by, and its order when nothing is said: the measure's. */
export const endUserSorts = ["name", "requests", "failed", "prompt", "cached", "completion", "tokens", "cost"] as const;
export const endUserOrder = { cost: "-cost", tokens: "-tokens", requests: "-requests" } as const;
