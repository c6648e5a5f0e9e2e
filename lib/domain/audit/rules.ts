export const flawKinds = ["changed", "missing", "moved", "truncated", "unknown"] as const;

/** What is wrong with a chain, and at which row. */
export type Flaw = { organizationId: string; sequence: number; id: string | null; kind: (typeof flawKinds)[number] };

const rowOf = ({ sequence, id }: Flaw): string => (id ? `row ${sequence} (${id})` : `row ${sequence}`);

/** A flaw in a sentence. */
export function flawWords(flaw: Flaw): string {
  const words = {
    changed: `${rowOf(flaw)} was changed: it does not have the hash it was written with`,
    missing: `a row before ${rowOf(flaw)} is missing`,
    moved: `${rowOf(flaw)} does not follow the row before it: that one was replaced, or the two were reordered`,
    truncated: `the rows after row ${flaw.sequence} are missing: the chain was longer`,
    unknown: `the last row, ${rowOf(flaw)}, is not the one the chain ended with`,
  };
  return words[flaw.kind];
}

/** One value of an audit row, before and after. */
export type Difference = { name: string; before: string | null; after: string | null };

/** What changed, value by value: the names of both sides in the order they have, values as people read them. */
export function differences(before: unknown, after: unknown): Difference[] {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
  return names.map((name) => ({ name, before: words(old[name]), after: words(fresh[name]) }));
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  return { value };
}

function words(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
}
