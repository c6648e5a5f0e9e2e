import { createHash } from "node:crypto";
import type { AbuseReason } from "#lib/domain/suspensions/rules.ts";
import type { Verdict } from "#lib/engine/port/port.ts";

/** Of requests of customers without an open item, this share is put before the model. */
export const sampledShare = 0.01;
/** As much of one request is looked at. */
const mostText = 200_000;
/** As much of it as a model is asked about. */
export const mostJudged = 20_000;

/** Whether a request is among the sample: its id decides, so that it is the same whoever asks. */
export function isSampled(requestId: string, share = sampledShare): boolean {
  const first = createHash("sha256").update(requestId).digest().readUInt32BE(0);
  return first < share * 2 ** 32;
}

/** Every string in what was asked and answered, one on a line; pictures and files are none. */
export function textOf(said: unknown): string {
  const found: string[] = [];
  let size = 0;
  walk(said, (_key, value) => {
    if (typeof value !== "string" || value.startsWith("data:")) return;
    if (size < mostText) found.push(value.slice(0, mostText - size));
    size += value.length + 1;
  });
  return found.join("\n");
}

/** Whether an answer was stopped by a filter, or the model refused. */
export function isStopped(answer: unknown): boolean {
  let found = false;
  walk(answer, (key, value) => {
    if (key === "finish_reason" || key === "reason") found ||= value === "content_filter";
    if (key === "refusal") found ||= typeof value === "string" && value !== "";
  });
  return found;
}

type Leaf = (key: string, value: unknown) => void;

/** Without recursion, because what customers send is as deep as they like. In the order it was written. */
function walk(root: unknown, leaf: Leaf): void {
  const waiting: [string, unknown][] = [["", root]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [key, value] = next;
    // One by one: a list of tokens is longer than what a call can be given.
    if (value !== null && typeof value === "object")
      for (const entry of Object.entries(value).toReversed()) waiting.push(entry);
    else leaf(key, value);
  }
}

/** What classifiers call their categories, by ours; what is not here is no breach of the terms by itself. */
const categories: readonly (readonly [RegExp, AbuseReason])[] = [
  [/minor|child/i, "child_safety"],
  [/self[-_ /]?harm|suicide/i, "self_harm"],
  [/weapon|cbrn|dangerous/i, "weapons"],
  [/malware|cyber|criminal|illicit/i, "malware"],
  [/violence|threat|hate/i, "violence"],
  [/fraud|scam|deception/i, "fraud"],
  [/spam/i, "spam"],
  [/pii|privacy/i, "privacy"],
  [/jailbreak|injection/i, "circumvention"],
];

export const categoryOf = (name: string): AbuseReason | null =>
  categories.find(([pattern]) => pattern.test(name))?.[1] ?? null;

/** What a model's verdict says in our categories: of several that are one of ours, the highest score. */
export function judgedAs({ categories: flagged, scores }: Verdict): Map<AbuseReason, number> {
  const found = new Map<AbuseReason, number>();
  for (const [name, isFlagged] of Object.entries(flagged)) {
    const category = isFlagged ? categoryOf(name) : null;
    if (category) found.set(category, Math.max(found.get(category) ?? 0, scores[name] ?? 0));
  }
  return found;
}
