import type { Permission } from "#lib/core/access/permissions.ts";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";

/** What only a person can do, whatever they may give to a program: agree to a contract, be a person, open another door, ask for zero retention. */
const personal = /^(account\.|terms\.|playground\.|admin-keys\.|plan\.|zero-retention\.)/;

/** What an admin key may do: what its maker may at this moment, without what is theirs alone. */
export function adminKeyPermissions(makersRoles: readonly string[]): ReadonlySet<Permission> {
  if (!makersRoles.includes("organization_admin")) return new Set();
  return new Set([...permissionsOf(rolePermissions, makersRoles)].filter((permission) => !personal.test(permission)));
}

type Ends = { revokedAt: Date | null; expiresAt: Date | null };

export const isEnded = ({ revokedAt, expiresAt }: Ends, now: Date): boolean =>
  revokedAt !== null || (expiresAt !== null && expiresAt <= now);
