import { keyedHash, sha256 } from "#lib/core/secrets.ts";

let prefix: string | undefined;

/** How the adapters of this installation are called at servers that others may use as well. */
export function adapterPrefix(): string {
  prefix ??= `comptoir-${sha256(keyedHash("adapters of this installation")).slice(0, 8)}-`;
  return prefix;
}

/** The name of the weights of a tuned model at servers: it tells nothing of a customer, and other weights have another. */
export const adapterName = (model: string, blob: string): string =>
  adapterPrefix() + sha256(`${model} ${blob}`).slice(0, 32);

export const isOurAdapter = (name: string): boolean => name.startsWith(adapterPrefix());
