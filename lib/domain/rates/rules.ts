import type { Id } from "#db/id.ts";
import type { ClauseId } from "#lib/core/clauses/register.ts";
import { formatSum } from "#lib/core/money.ts";
import { type Plan, type PlanFacts, planAt } from "#lib/domain/organizations/plan/rules.ts";

/** What can be limited, each with the window it is counted in. */
export const rateKinds = ["requests_second", "tokens_minute", "tokens_month"] as const;
export type RateKind = (typeof rateKinds)[number];

/** Null: no limit of that kind. */
export type RateValues = Record<RateKind, number | null>;

export type RateOverride = RateValues & {
  id: Id<"override">;
  /** Null: of the organization. */
  workspaceId: Id<"workspace"> | null;
  /** Null: of every model. */
  model: string | null;
  source: "purchase_order" | "staff" | "workspace";
  reference: string | null;
  reason: string;
  createdAt: Date;
  /** What an order says begins with it; everything else at once. */
  startsAt?: Date | null;
  /** Of two orders that say the same, the one with the lower position goes first. */
  position?: number | null;
  expiresAt: Date | null;
};

/** What the rate limits of an organization follow from; overrides that were ended are not among them. */
export type RateFacts = PlanFacts & { spentPico: bigint; overrides: readonly RateOverride[] };

/** Where a value comes from: the document, its clause, and for a decision its words and how long it holds. */
export type RateSource = {
  document: string;
  clause: ClauseId;
  reason: string | null;
  reference: string | null;
  expiresAt: Date | null;
};

/** One limit that can refuse a request. */
export type RateLimit = {
  kind: RateKind;
  value: number;
  scope: "organization" | "workspace";
  /** The model it counts; null when it counts all of them together. */
  model: string | null;
  /** Models a limit of all of them leaves out, because they have one of their own. */
  except: readonly string[];
  source: RateSource;
};

export type Tier = { number: number; fromPico: bigint; values: RateValues };

const euro = 1_000_000_000_000n;
const paidTier = (number: number, euros: bigint, requests: number, tokens: number): Tier => ({
  number,
  fromPico: euros * euro,
  values: { requests_second: requests, tokens_minute: tokens, tokens_month: null },
});

/** What a paying organization gets, by what it has used so far in all its life. */
export const tiers: readonly Tier[] = [
  paidTier(1, 0n, 20, 500_000),
  paidTier(2, 20n, 40, 1_000_000),
  paidTier(3, 100n, 80, 2_000_000),
  paidTier(4, 500n, 150, 4_000_000),
  paidTier(5, 2_000n, 300, 10_000_000),
];

export const freeValues: RateValues = { requests_second: 1, tokens_minute: 50_000, tokens_month: 4_000_000 };

export function tierOf(spentPico: bigint): Tier {
  const reached = tiers.findLast(({ fromPico }) => spentPico >= fromPico) ?? tiers[0];
  if (!reached) throw new Error("There is no tier.");
  return reached;
}

/** The tier after this one; at the last one, more is asked for. */
export const nextTier = (tier: Tier): Tier | undefined => tiers.find(({ number }) => number === tier.number + 1);

/** What plan and tier alone give. */
export const planValues = ({ plan, spentPico }: { plan: Plan; spentPico: bigint }): RateValues => {
  if (plan === "free") return freeValues;
  return plan === "order" ? topValues : tierOf(spentPico).values;
};

const topValues: RateValues = (tiers.at(-1) ?? tierOf(0n)).values;

/** At its end an override does not count any more. */
export const isInForce = (
  { startsAt, expiresAt }: { startsAt?: Date | null; expiresAt: Date | null },
  at: Date,
): boolean => (!startsAt || startsAt <= at) && (expiresAt === null || at < expiresAt);

/**
 * Every limit that can refuse a request of this workspace to this model, with the document it comes from: the one function
 * that the gate and the pages read (T-4.2.2.2-RL). An organization's own limit comes first, a workspace's tighter one second;
 * without a workspace there is none.
 */
export function limitsFor(
  facts: RateFacts,
  { workspaceId, model }: { workspaceId: Id<"workspace"> | null; model: string },
  at: Date,
): RateLimit[] {
  const inForce = facts.overrides.filter((override) => isInForce(override, at));
  const ours = inForce.filter((override) => override.workspaceId === null);
  const theirs = inForce.filter((override) => override.workspaceId !== null && override.workspaceId === workspaceId);
  const standing = { plan: planAt(facts, at.getTime()), spentPico: facts.spentPico };
  return rateKinds.flatMap((kind) => {
    const own = organizationLimit(standing, kind, model, ours);
    const tighter = limitOf(kind, model, theirs, undefined);
    return [own, tighter && (!own || tighter.value < own.value) ? tighter : undefined].filter(
      (limit) => limit !== undefined,
    );
  });
}

/** When the limits may change by themselves, because an override or an order begins or ends; `latest` when none does before. */
export function changesAt({ overrides, orders = [] }: RateFacts, at: Date, latest: Date): Date {
  const instants = [
    ...overrides.flatMap(({ startsAt, expiresAt }) => [startsAt, expiresAt]),
    ...orders.flatMap(({ startsAt, endsAt }) => [new Date(startsAt), endsAt === null ? null : new Date(endsAt)]),
  ];
  return instants.reduce<Date>((next, instant) => (instant && instant > at && instant < next ? instant : next), latest);
}

type Standing = { plan: Plan; spentPico: bigint };

/**
 * An order is a promise: it outranks the plan (T-2-PREC) and what staff decide can add to it, never take from it. Without
 * an order, what staff decided stands in place of the plan's value, whether it is more or less (T-4.2.1-RL).
 */
function organizationLimit(
  facts: Standing,
  kind: RateKind,
  model: string,
  overrides: readonly RateOverride[],
): RateLimit | undefined {
  const ordered = limitOf(kind, model, overrides, "purchase_order");
  const decided = limitOf(kind, model, overrides, "staff");
  if (ordered && decided) return decided.value > ordered.value ? decided : ordered;
  return ordered ?? decided ?? planLimit(facts, kind, model, overrides);
}

/** The override that says what holds for a model: one of its own before one of every model, the latest before older ones. */
function limitOf(
  kind: RateKind,
  model: string,
  overrides: readonly RateOverride[],
  source: RateOverride["source"] | undefined,
): RateLimit | undefined {
  const saying = overrides.filter((override) => override[kind] !== null);
  const latest = (name: string | null) =>
    saying
      .filter((override) => override.model === name && (source === undefined || override.source === source))
      .reduce<RateOverride | undefined>((best, other) => (best && goesBefore(best, other) ? best : other), undefined);
  const chosen = latest(model) ?? latest(null);
  const value = chosen?.[kind];
  if (!chosen || value === null || value === undefined) return undefined;
  const scope = chosen.workspaceId === null ? "organization" : "workspace";
  return { kind, value, scope, ...countedAs(kind, model, chosen.model, saying), source: sourceOf(chosen) };
}

function goesBefore(one: RateOverride, other: RateOverride): boolean {
  const [first, second] = [one.position ?? Number.POSITIVE_INFINITY, other.position ?? Number.POSITIVE_INFINITY];
  return first === second ? one.createdAt > other.createdAt : first < second;
}

function planLimit(
  facts: Standing,
  kind: RateKind,
  model: string,
  overrides: readonly RateOverride[],
): RateLimit | undefined {
  const value = planValues(facts)[kind];
  if (value === null) return undefined;
  const saying = overrides.filter((override) => override[kind] !== null);
  return { kind, value, scope: "organization", ...countedAs(kind, model, null, saying), source: planSource(facts) };
}

/** Seconds and minutes are counted for each model; a month's tokens for all together, but for models with a quota of their own. */
function countedAs(
  kind: RateKind,
  model: string,
  named: string | null,
  saying: readonly RateOverride[],
): Pick<RateLimit, "model" | "except"> {
  if (kind !== "tokens_month") return { model, except: [] };
  if (named !== null) return { model, except: [] };
  return { model: null, except: [...new Set(saying.flatMap(({ model }) => model ?? []))].sort() };
}

function planSource({ plan, spentPico }: Standing): RateSource {
  const rest = { reason: null, reference: null, expiresAt: null };
  if (plan === "free") return { document: "Terms of service, plan Free", clause: "T-4.2.2.1-RL", ...rest };
  if (plan === "order")
    return { document: "Tier 5, where the order says nothing else", clause: "T-4.2.2.2-RL", ...rest };
  return { document: tierName(tierOf(spentPico)), clause: "T-4.2.2.2-RL", ...rest };
}

export const tierName = ({ number, fromPico }: Tier): string =>
  fromPico === 0n ? `Tier ${number}, with the paid plan` : `Tier ${number}, from ${formatSum(fromPico)} of use`;

function sourceOf({ source, reference, reason, createdAt, expiresAt }: RateOverride): RateSource {
  const day = dateWords.format(createdAt);
  const rest = { reason, reference, expiresAt };
  if (source === "purchase_order")
    return { document: `Purchase order ${reference ?? ""}`.trim(), clause: "T-2-PREC", ...rest };
  if (source === "staff") return { document: `Decision of ${day}`, clause: "T-4.2.1-RL", ...rest };
  return { document: `Set by your workspace admin on ${day}`, clause: "T-4.2.2.2-RL", ...rest };
}

const dateWords = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

/** How a limit stands: what is used of it, and when that is free again. */
export type Gauge = RateLimit & {
  /** Null when no one could tell; above the limit when answers were longer than expected. */
  used: number | null;
  /** When nothing of it will be used any more: the window's end, or when the bucket has run off. Null when nothing is used. */
  freeAt: Date | null;
};

type Counted = { perSecond: number; resetsAt: number | null };

export function gaugeOf(limit: RateLimit, { perSecond, resetsAt }: Counted, level: number | null, at: Date): Gauge {
  const used = level === null ? null : Math.max(0, Math.ceil(level - 1e-3));
  return { ...limit, used, freeAt: freeAt(level ?? 0, perSecond, resetsAt, at) };
}

function freeAt(level: number, perSecond: number, resetsAt: number | null, at: Date): Date | null {
  if (resetsAt !== null) return new Date(resetsAt);
  return level > 1e-3 ? new Date(at.getTime() + (level / perSecond) * 1000) : null;
}

/** Facts as the database spells them: amounts as texts, instants in milliseconds. */
export type RateFactsRow = Required<PlanFacts> & {
  spentPico: string;
  overrides: (Omit<RateOverride, "createdAt" | "startsAt" | "expiresAt"> & {
    createdAt: number;
    startsAt: number | null;
    expiresAt: number | null;
  })[];
};

const instant = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

export const rateFacts = ({ plan, orders, spentPico, overrides }: RateFactsRow): RateFacts => ({
  plan,
  orders,
  spentPico: BigInt(spentPico),
  overrides: overrides.map((override) => ({
    ...override,
    createdAt: new Date(override.createdAt),
    startsAt: instant(override.startsAt),
    expiresAt: instant(override.expiresAt),
  })),
});

/** The limits of an organization that a workspace's values would not be tighter than. */
export const looserThan = (limits: readonly RateLimit[], values: RateValues): RateLimit[] =>
  limits.filter(({ kind, value }) => {
    const own = values[kind];
    return own !== null && own >= value;
  });

/** A limit in words: "20 requests a second". */
export function amountWords(kind: RateKind, value: number): string {
  const [noun, window] = {
    requests_second: ["request", "second"],
    tokens_minute: ["token", "minute"],
    tokens_month: ["token", "month"],
  }[kind];
  return `${value.toLocaleString("en-IE")} ${noun}${value === 1 ? "" : "s"} a ${window}`;
}

/** The last day on which something that ends then still holds. */
export const lastDayOf = (end: Date): Date => new Date(end.getTime() - 1);
