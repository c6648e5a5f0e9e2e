import type { Sealed } from "#db/columns.ts";
import { Fault } from "#lib/core/errors.ts";
import { lastingKey, newLastingKey, openLasting, sealLasting } from "#lib/core/keyring/lasting.ts";

/** The fields of a connection's secret, as its form or its service gave them. */
export type ConnectionSecret = Record<string, string>;

type Row = { organizationId: string; id: string; key: Buffer | null; sealedSecret: Sealed | null };

const labelOf = ({ organizationId, id }: Pick<Row, "organizationId" | "id">, field: string): string =>
  `connection:${organizationId}:${id}:${field}`;

/** Seals a secret under the connection's own key, or under a new one where none is given. */
export async function sealConnectionSecret(
  row: Pick<Row, "organizationId" | "id"> & { key?: Buffer | null },
  secret: ConnectionSecret,
): Promise<{ key: Buffer; sealedSecret: Sealed }> {
  const key = row.key ? await lastingKey(row.key, row.id) : await newLastingKey(row.id);
  return { key: key.wrapped, sealedSecret: sealLasting(key, secret, labelOf(row, "secret")) };
}

/** Opens the secret of a connection; what is disconnected has none. */
export async function openConnectionSecret(row: Row): Promise<ConnectionSecret> {
  if (!row.key || !row.sealedSecret) throw new Fault("The connection has no secret.");
  return openLasting(await lastingKey(row.key, row.id), row.sealedSecret, labelOf(row, "secret"));
}

/** Seals what proves a sign-in that is under way, under the connection's key, which is made where there is none. */
export async function sealVerifier(
  row: Pick<Row, "organizationId" | "id" | "key">,
  verifier: string,
): Promise<{ key: Buffer; pendingVerifier: Sealed }> {
  const key = row.key ? await lastingKey(row.key, row.id) : await newLastingKey(row.id);
  return { key: key.wrapped, pendingVerifier: sealLasting(key, verifier, labelOf(row, "verifier")) };
}

export async function openVerifier(
  row: Pick<Row, "organizationId" | "id" | "key"> & { pendingVerifier: Sealed | null },
): Promise<string> {
  if (!row.key || !row.pendingVerifier) throw new Fault("The connection has no sign-in under way.");
  return openLasting(await lastingKey(row.key, row.id), row.pendingVerifier, labelOf(row, "verifier"));
}
