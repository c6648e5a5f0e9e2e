import { sha256 } from "#lib/core/secrets.ts";

/** A function by its name, and the namespace it is in. */
export type Name = { name: string; namespace?: string };

const longest = 64;

/** The one name under which a model knows a function: models know no namespaces. */
export function flatName({ name, namespace }: { name: string; namespace?: string | null | undefined }): string {
  if (!namespace) return name;
  const flat = `${namespace}__${name}`;
  return flat.length <= longest ? flat : `${flat.slice(0, longest - 9)}_${sha256(flat).slice(0, 8)}`;
}
