import { type Permission, permissions } from "./permissions.ts";
import { rolesWith, roleTitle } from "./roles.ts";

/** A person who can give a role, and the role that lets them. */
export type Grantor = { name: string; role: string };

const shown = 3;

/** "Ilse Brandt, Tomás Rey or Aino Salmi"; of more than a few, the first. */
export function peopleWords(names: readonly string[]): string {
  if (names.length === 0) return "Nobody";
  const rest = names.length - shown;
  const all = rest > 0 ? [...names.slice(0, shown), rest === 1 ? "1 other" : `${rest} others`] : names;
  return all.length === 1 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} or ${all.at(-1)}`;
}

/** "Ada Lovelace (organization admin)". */
const grantorWords = ({ name, role }: Grantor): string => `${name} (${roleTitle(role).toLowerCase()})`;

/** What it takes, and who can help: the end of every sentence that refuses something. */
export function wayWords(permission: Permission, grantors: readonly Grantor[]): string {
  const roles = rolesWith(permission);
  const takes = roles.length > 0 ? `It takes one of these roles: ${roles.join(", ")}.` : "";
  const ask = grantors.length > 0 ? `Ask ${peopleWords(grantors.map(grantorWords))}.` : "";
  return [takes, ask].filter(Boolean).join(" ");
}

/** Why a person may not do something, in one breath: for a refused request and for the tooltip of a disabled control. */
export const denialWords = (permission: Permission, grantors: readonly Grantor[]): string =>
  `You may not ${permissions[permission].words}. ${wayWords(permission, grantors)}`.trimEnd();
