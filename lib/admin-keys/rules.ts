import type { Permission } from "#lib/access/permissions.ts";
import { permissionsOf, rolePermissions } from "#lib/access/roles.ts";
import type { Access } from "./input.ts";

/** What only a person can do, whatever they may give to a program: agree to a contract, be somebody, open another door. */
const personal = /^(account\.|terms\.|playground\.|admin-keys\.|plan\.)/;
const looking = /\.read(-|$)/;

/** What an admin key may do: what its maker may at this moment, without what is theirs alone, and only look with `read`. */
export function adminKeyPermissions(makersRoles: readonly string[], access: Access): ReadonlySet<Permission> {
  if (!makersRoles.includes("organization_admin")) return new Set();
  const all = [...permissionsOf(rolePermissions, makersRoles)].filter((permission) => !personal.test(permission));
  return new Set(access === "write" ? all : all.filter((permission) => looking.test(permission)));
}

type Ends = { revokedAt: Date | null; expiresAt: Date | null };

export const isEnded = ({ revokedAt, expiresAt }: Ends, now: Date): boolean =>
  revokedAt !== null || (expiresAt !== null && expiresAt <= now);
