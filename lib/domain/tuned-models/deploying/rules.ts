import { addMinutes } from "#lib/core/clock.ts";
import { isOurAdapter } from "#lib/engine/adapters/names.ts";

/** What was found out at the servers of one upstream about one adapter. */
export type Found = "there" | "not_there" | "unknown";

export type Standing = {
  state: "active" | "not_served";
  /** What servers call it now, and the name of the weights it should answer with. */
  upstreamModel: string | null;
  target: string;
  upstreams: readonly string[] | null;
};
export type Verdict = Pick<Standing, "state" | "upstreamModel"> & { upstreams: string[] | null };

/**
 * How a model stands once its servers were asked. One server that has it is enough; a server that does not answer is taken to
 * have what it had, because other requests wait for it as well. New weights answer once they are loaded, the old ones until then.
 */
export function verdictOn(
  { upstreamModel, target, upstreams }: Standing,
  found: ReadonlyMap<string, Found>,
): Verdict | null {
  const isServed = upstreamModel === target;
  const had = (isServed && upstreams) || [];
  const has = [...found]
    .filter(([upstream, one]) => one === "there" || (one === "unknown" && had.includes(upstream)))
    .map(([upstream]) => upstream);
  if (has.length > 0) return { state: "active", upstreamModel: target, upstreams: has };
  if (isServed) return { state: "not_served", upstreamModel: null, upstreams: null };
  return null;
}

export const isSameVerdict = (before: Standing, after: Verdict): boolean =>
  before.state === after.state &&
  before.upstreamModel === after.upstreamModel &&
  JSON.stringify(before.upstreams) === JSON.stringify(after.upstreams);

/** What the operator named by hand is not looked after. */
export const isLookedAfter = (upstreamModel: string | null): boolean =>
  upstreamModel === null || isOurAdapter(upstreamModel);

/** Longer than any round and any request that was under way may still load what was deleted meanwhile. */
const surelyMinutes = 2;
/** After which a receipt names the servers that have not dropped it. */
const patienceMinutes = 60;

/** Whether a server that does not list deleted weights is believed to have dropped them for good. */
export const isSurelyGone = (removedAt: Date, now: Date): boolean => addMinutes(removedAt, surelyMinutes) <= now;

export const isToBeNamed = (removedAt: Date, now: Date): boolean => addMinutes(removedAt, patienceMinutes) <= now;
