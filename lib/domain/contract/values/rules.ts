import type { ClauseId } from "#lib/core/clauses/register.ts";
import { divideRounded, freeOfCharge, micros, type Price } from "#lib/core/money.ts";
import {
  type AllowedKey,
  type ContractKey,
  contractKeys,
  isAllowedKey,
  type PlainKey,
  type PriceKey,
  type PriceMetric,
  partsOf,
  type ValueOf,
} from "#lib/domain/contract/keys/rules.ts";
import { covers, type OrderPeriod, type Plan, planAt } from "#lib/domain/organizations/plan/rules.ts";
import { changesAt, limitsFor, type RateFacts, type RateFactsRow, rateFacts } from "#lib/domain/rates/rules.ts";

/** Documents in the order in which they hold (T-2-PREC); what the plan gives comes after all of them. */
export const documentRanks = ["purchase_order", "terms", "data-processing", "msa", "linked"] as const;
type DocumentKind = (typeof documentRanks)[number];

/** A document that states values, and when it holds (milliseconds since the epoch). */
export type ContractDocument = OrderPeriod & {
  kind: DocumentKind;
  ref: string;
  title: string;
  /** False for an order that another has superseded, until that other begins. */
  isActive: boolean;
  position: number | null;
  signedAt: number;
  values: Readonly<Record<string, unknown>>;
};

/** A version of a model's list price. */
export type ListPrice = Price & { modelId: string; validFrom: number };

/** What every contractual value of an organization follows from. */
export type ContractFacts = {
  customerType: "business" | "consumer";
  /** When the agreement ends, where that is known: nothing is let in from then on (T-6-EFF). */
  endsAt: number | null;
  /** When the agreement began, or the last one that ended; null: there was none yet. */
  startsAt: number | null;
  /** Since when what its own notices announced about models holds for it, by what they announced (T-4.2.1-DISC1). */
  models: Readonly<Record<string, number>>;
  /** Why `/v1` does not answer until invoices are paid; never on the free plan. */
  unpaid: "unpaid" | "exposure" | null;
  rates: RateFacts;
  sources: readonly ContractDocument[];
  /** Where prices are asked for by their key. The gate has them with its models. */
  prices?: readonly ListPrice[];
};

export type ContractFactsRow = Omit<ContractFacts, "rates" | "prices"> & { rates: RateFactsRow };

export const contractFacts = ({ rates, ...rest }: ContractFactsRow): ContractFacts => ({
  ...rest,
  rates: rateFacts(rates),
});

export type ValueSource = {
  kind: DocumentKind | "plan" | "list" | "rates";
  ref: string | null;
  title: string;
  href: string | null;
};
type Stated = { value: unknown; source: ValueSource };

/** A contractual value at an instant, where it comes from and how long that can hold. */
export type Effective<T> = {
  value: T;
  source: ValueSource;
  clause: ClauseId;
  since: Date | null;
  /** The first instant at which it can be another one. */
  until: Date | null;
  /** What others say, and does not hold. */
  overruled: readonly Stated[];
};

const planTitles: Record<Plan, string> = { free: "Plan Free", paid: "Plan Paid", order: "Plan by purchase order" };

/** The one answer to what holds between provider and customer: for the gate, pages, letters, invoices and jobs. */
export function effective<K extends ContractKey>(
  facts: ContractFacts,
  key: K,
  at: Date,
): Effective<ValueOf<K>> | undefined {
  const parts = partsOf(key);
  if (isAllowedKey(key)) return allowedOf(facts, key, at) as Effective<ValueOf<K>>;
  const found =
    parts?.of === "rate"
      ? rateOf(facts, parts, at)
      : parts
        ? priceOf(facts, key as PriceKey, at)
        : plainOf(facts, key as PlainKey, at);
  return found as Effective<ValueOf<K>> | undefined;
}

/** Of a key that always has a value. */
export function plainValue<K extends PlainKey>(facts: ContractFacts, key: K, at: Date): ValueOf<K> {
  return effective(facts, key, at)?.value as ValueOf<K>;
}

/** Since when orders in force leave a model to this customer that is not offered to new ones (T-4.2.1-DISC2); null: none does. */
export function allowedSince(
  facts: Pick<ContractFacts, "sources" | "customerType">,
  model: string,
  at: number,
): number | null {
  const signed = documentsOf(facts, `model.allowed:${model}`)
    .filter((document) => document.kind === "purchase_order" && covers(document, at))
    .map(({ signedAt }) => signedAt);
  return signed.length > 0 ? Math.min(...signed) : null;
}

export const planOf = ({ rates }: ContractFacts, at: Date): Plan => planAt(rates, at.getTime());

function plainOf(facts: ContractFacts, key: PlainKey, at: Date): Effective<unknown> {
  const { ofPlan, clause }: { ofPlan: (plan: Plan) => unknown; clause: ClauseId } = contractKeys[key];
  const plan = planOf(facts, at);
  const standard: Stated = {
    value: ofPlan(plan),
    source: { kind: "plan", ref: plan, title: planTitles[plan], href: null },
  };
  const instants = [...boundariesOf(facts, [key]), ...periodEnds(facts.rates.orders ?? [])];
  return answer([...statementsOf(facts, key, at.getTime()), standard], { clause, instants, at });
}

function allowedOf(facts: ContractFacts, key: AllowedKey, at: Date): Effective<unknown> {
  const plan = planOf(facts, at);
  const standard: Stated = { value: false, source: { kind: "plan", ref: plan, title: planTitles[plan], href: null } };
  const stated = statementsOf(facts, key, at.getTime());
  return answer([...stated, standard], { clause: "T-4.2.1-DISC2", instants: boundariesOf(facts, [key]), at });
}

/** What documents in force say of a key, in the order in which it holds. */
function statementsOf(facts: ContractFacts, key: ContractKey, at: number): Stated[] {
  return documentsOf(facts, key)
    .filter((document) => covers(periodOf(document, key), at))
    .toSorted(byRank)
    .map((document) => ({ value: document.values[key], source: sourceOf(document) }));
}

/** Those that say something of it. What is agreed about personal data is not agreed with consumers. */
const documentsOf = (
  { sources, customerType }: Pick<ContractFacts, "sources" | "customerType">,
  key: ContractKey,
): ContractDocument[] =>
  sources.filter(
    ({ kind, values, isActive }) =>
      Object.hasOwn(values, key) &&
      !(kind === "data-processing" && customerType === "consumer") &&
      !(key === "cap" && !isActive),
  );

/** A month's cap counts for every month that the order holds in; everything else from its first to its last instant. */
function periodOf(document: ContractDocument, key: ContractKey): OrderPeriod {
  if (key !== "cap") return document;
  const { startsAt, endsAt } = document;
  return { startsAt: monthStart(startsAt, 0), endsAt: endsAt === null ? null : monthStart(endsAt - 1, 1) };
}

function monthStart(ms: number, later: number): number {
  const at = new Date(ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + later, 1);
}

/** The rank of the document, then the position staff gave it, then the latest signature. */
function byRank(one: ContractDocument, other: ContractDocument): number {
  const place = ({ position }: ContractDocument) => position ?? Number.MAX_SAFE_INTEGER;
  return (
    documentRanks.indexOf(one.kind) - documentRanks.indexOf(other.kind) ||
    place(one) - place(other) ||
    other.signedAt - one.signedAt ||
    (one.ref < other.ref ? -1 : 1)
  );
}

function sourceOf({ kind, ref, title }: ContractDocument): ValueSource {
  return { kind, ref, title, href: pageOf(kind, ref) };
}

/** Where it can be read: under the workspace, or among the legal documents. */
function pageOf(kind: DocumentKind, ref: string): string | null {
  if (kind === "purchase_order") return `/organization/billing/orders#${ref}`;
  if (kind === "linked") return "/organization/billing/prices#thresholds";
  return kind === "msa" ? null : `/legal/${kind}`;
}

const periodEnds = (periods: readonly OrderPeriod[]): (number | null)[] =>
  periods.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]);

const boundariesOf = (facts: ContractFacts, keys: readonly ContractKey[]): (number | null)[] =>
  keys.flatMap((key) => periodEnds(documentsOf(facts, key).map((document) => periodOf(document, key))));

type Known = { clause: ClauseId; instants: readonly (number | null)[]; at: Date };

function answer([first, ...overruled]: readonly Stated[], { clause, instants, at }: Known): Effective<unknown> {
  if (!first) throw new Error("Nothing is said of it.");
  const [since, until] = around(instants, at.getTime());
  return { ...first, clause, since, until, overruled };
}

/** The last instant that has come, and the next one. */
function around(instants: readonly (number | null)[], at: number): [Date | null, Date | null] {
  const known = instants.filter((instant) => instant !== null);
  const since = Math.max(...known.filter((instant) => instant <= at));
  const until = Math.min(...known.filter((instant) => instant > at));
  return [Number.isFinite(since) ? new Date(since) : null, Number.isFinite(until) ? new Date(until) : null];
}

function rateOf(facts: ContractFacts, { kind, model }: { kind: string; model: string }, at: Date) {
  const limit = limitsFor(facts.rates, { workspaceId: null, model }, at).find((limit) => limit.kind === kind);
  if (!limit) return undefined;
  const { document, clause, reference } = limit.source;
  const until = changesAt(facts.rates, at, farAway);
  const source = { kind: "rates" as const, ref: reference, title: document, href: "/limits" };
  return { value: limit.value, source, clause, since: null, until: until === farAway ? null : until, overruled: [] };
}

const farAway = new Date(8_640_000_000_000_000);

type Priced = { id: string; price: Price | null };
const columns = { input: "inputMicros", cached_input: "cachedInputMicros", output: "outputMicros" } as const;

/** What a million tokens of a model cost at an instant; null: it has no price and is refused. The gate and every page ask this. */
export function priceFor(facts: ContractFacts, { id, price }: Priced, at: number): Price | null {
  if (planAt(facts.rates, at) === "free") return price && freeOfCharge;
  const of = (metric: PriceMetric) => pricesOf(facts, `price:${metric}:${id}`, price?.[columns[metric]], at)[0]?.value;
  const [input, cached, output] = [of("input"), of("cached_input"), of("output")];
  if (input === undefined || cached === undefined || output === undefined) return null;
  return {
    inputMicros: micros(BigInt(input)),
    cachedInputMicros: micros(BigInt(cached)),
    outputMicros: micros(BigInt(output)),
  };
}

/** What is said of one price: ordered ones, then the list's with the ordered discount, then the list's. */
function pricesOf(facts: ContractFacts, key: PriceKey, list: bigint | undefined, at: number) {
  const ordered = statementsOf(facts, key, at);
  const listed = list === undefined ? [] : [{ value: String(list), source: listSource }];
  const discounted =
    list === undefined
      ? []
      : statementsOf(facts, "discount", at).map(({ value, source }) => ({
          value: discountedBy(String(value), list),
          source,
        }));
  return [...ordered, ...discounted, ...listed] as { value: string; source: ValueSource }[];
}

const listSource: ValueSource = { kind: "list", ref: null, title: "Price list", href: null };
const freeSource: ValueSource = { kind: "plan", ref: "free", title: planTitles.free, href: null };

/** A list price less so many per cent (with up to two decimals). */
function discountedBy(percent: string, list: bigint): string {
  const [whole = "0", fraction = ""] = percent.split(".");
  const hundredths = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, "0"));
  return String(divideRounded(list * (10_000n - hundredths), 10_000n));
}

function priceOf(facts: ContractFacts, key: PriceKey, at: Date): Effective<unknown> | undefined {
  const { kind, model } = partsOf(key) as { kind: PriceMetric; model: string };
  const versions = (facts.prices ?? []).filter(({ modelId }) => modelId === model);
  const current = versions
    .filter(({ validFrom }) => validFrom <= at.getTime())
    .toSorted((a, b) => b.validFrom - a.validFrom)[0];
  const price = priceFor(facts, { id: model, price: current ?? null }, at.getTime());
  if (!price) return undefined;
  const plan = planOf(facts, at);
  const said = pricesOf(facts, key, current?.[columns[kind]], at.getTime());
  const free = plan === "free" ? [{ value: "0", source: freeSource }] : [];
  const instants = [
    ...boundariesOf(facts, [...metricKeys(model), "discount"]),
    ...periodEnds(facts.rates.orders ?? []),
    ...versions.map(({ validFrom }) => validFrom),
  ];
  return answer([...free, ...said], { clause: plan === "free" ? "T-5.1" : "T-5.2-BILL", instants, at });
}

// A model without one of its prices has none, so each of them counts.
const metricKeys = (model: string): PriceKey[] =>
  (["input", "cached_input", "output"] as const).map((metric): PriceKey => `price:${metric}:${model}`);

/** The next instant at which any document begins or ends to hold; without one, never. */
export const nextChange = ({ sources, rates }: ContractFacts, at: number): number =>
  Math.min(
    ...(periodEnds([...sources, ...(rates.orders ?? [])]).filter(
      (instant) => instant !== null && instant > at,
    ) as number[]),
  );
