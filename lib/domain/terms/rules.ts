import { z } from "zod";
import { sha256 } from "#lib/core/secrets.ts";
import { describe, isPeriodKey } from "#lib/domain/contract/keys/rules.ts";

/** T-1-EFF: the agreement takes effect at the first use or at the acceptance, whichever came first. */
export function effectiveAt(firstUseAt: Date | null, acceptedAt: Date | null): Date | null {
  if (!firstUseAt || !acceptedAt) return firstUseAt ?? acceptedAt;
  return firstUseAt < acceptedAt ? firstUseAt : acceptedAt;
}

const frontMatter = z.object({
  version: z.coerce.number().int().min(1),
  title: z.string().min(1),
  summary: z.string().min(1),
  effective_from: z.iso.datetime().optional(),
  values: z.record(z.string(), z.coerce.number().int()).default({}),
});

export type Provider = { provider: string; legalName: string; support: string };

export type Draft = {
  version: number;
  title: string;
  summary: string;
  effectiveFrom: Date | undefined;
  /** The contractual values it states, such as `days.dispute`. */
  values: Record<string, number>;
  body: string;
  sha256: string;
  templateSha256: string;
  /** The same without the values. */
  textSha256: string;
};

/**
 * Reads a document file: `name: value` lines between two `---`, then Markdown with {{placeholders}}. Values stand indented
 * below `values:`, and each of them in words in the text too.
 */
export function draftOf(file: string, provider: Provider): Draft {
  const [, head, template] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(file) ?? [];
  if (head === undefined || template === undefined)
    throw new Error("it does not begin with front matter between --- lines");
  const result = frontMatter.safeParse(fieldsOf(head));
  if (!result.success) throw new Error(z.prettifyError(result.error));
  const { version, title, summary, values, effective_from: from } = result.data;
  const body = fill(template.trim(), provider);
  for (const [key, value] of Object.entries(values)) refuseUnsaid(key, value, body);
  return {
    version,
    title: fill(title, provider),
    summary: fill(summary, provider),
    effectiveFrom: from ? new Date(from) : undefined,
    values,
    body,
    sha256: sha256(withValues(body, values)),
    templateSha256: sha256(withValues(template.trim(), values)),
    textSha256: sha256(template.trim()),
  };
}

/** The text of a document with the values it states: what its hash is of. */
export function withValues(text: string, values: Readonly<Record<string, unknown>>): string {
  const lines = Object.keys(values).toSorted();
  return lines.length === 0 ? text : [text, ...lines.map((key) => `${key}: ${values[key]}`)].join("\n");
}

function fieldsOf(head: string): Record<string, unknown> {
  const pairs = head.split(/\r?\n/).map((line): [string, string, boolean] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim(), /^\s/.test(line)];
  });
  const outer = pairs.filter(([, , isIndented]) => !isIndented);
  const inner = pairs.filter(([, , isIndented]) => isIndented);
  const fields: Record<string, unknown> = Object.fromEntries(outer);
  if ("values" in fields || inner.length > 0) fields.values = Object.fromEntries(inner);
  return fields;
}

const smallNumbers = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

/** A value that the text does not say would bind no one. */
function refuseUnsaid(key: string, value: number, body: string): void {
  if (!isPeriodKey(key) || !describe(key)?.type.safeParse(value).success)
    throw new Error(`it states ${key}: ${value}, which is not a value documents can state`);
  const unit = key.startsWith("days.") ? "day" : "month";
  const number = smallNumbers[value] ? `(?:${value}|${smallNumbers[value]})` : String(value);
  if (!new RegExp(`\\b${number}\\)?[\\s*]+(?:calendar )?${unit}s?\\b`, "i").test(body))
    throw new Error(`it states ${key}: ${value}, and its text says nowhere "${value} ${unit}s"`);
}

function fill(text: string, provider: Provider): string {
  const words = new Map(Object.entries(provider));
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const word = words.get(name);
    if (word === undefined) throw new Error(`it uses ${whole}, which is not one of ${[...words.keys()].join(", ")}`);
    return word;
  });
}
