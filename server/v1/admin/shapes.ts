import { z } from "zod";
import { type Id, type IdKind, idOfUuid, uuidOf } from "#db/id.ts";
import { permissions } from "#lib/core/access/permissions.ts";
import {
  type MemberRole,
  memberRoles,
  rolePermissions,
  roleTitle,
  type WorkspaceRole,
  workspaceRoles,
} from "#lib/core/access/roles.ts";
import { AppError } from "#lib/core/errors.ts";

/** An id as programs send it, in the form of a UUID or in ours. */
export const uuidOfKind = <K extends IdKind>(kind: K) =>
  z.string().transform((text, issue): Id<K> => {
    const id = idOfUuid(kind, text);
    if (id) return id;
    issue.addIssue({ code: "custom", message: "This is not an id." });
    return z.NEVER;
  });

/** An id in the address: a broken one names nothing. */
export function named<K extends IdKind>(kind: K, text = ""): Id<K> {
  const id = idOfUuid(kind, text);
  if (id) return id;
  throw new AppError("not_found", "There is nothing with this id.");
}

export const uuid = z.string().describe("A UUID.");
export const pageQuery = {
  page: z.coerce.number().int().min(1).default(1),
  page_size: z.coerce.number().int().min(1).max(100).default(25),
};
export const deleted = z.object({ message: z.string() });

const memberLetters = { organization_admin: "A", billing_manager: "B", member: "M" } as const;
export const memberLetter = z.enum(["A", "M", "B"]);
export const workspaceLetter = z.enum(["A", "M"]);

/** The field's letters for roles; the widest comes first, and `role_names` says exactly. */
export const lettersOf = (roles: readonly MemberRole[]) =>
  (["organization_admin", "billing_manager", "member"] as const)
    .filter((role) => roles.includes(role))
    .map((role) => memberLetters[role]);

export const workspaceLettersOf = (roles: readonly WorkspaceRole[]): ("A" | "M")[] =>
  roles.includes("workspace_admin") ? ["A"] : ["M"];

const byLetter: Record<string, MemberRole> = { A: "organization_admin", B: "billing_manager", M: "member" };

/** Roles as programs may say them: by name, or by the field's letters. */
export const memberRolesSent = {
  role_names: z.array(z.enum(memberRoles)).min(1).nullish(),
  role_name: z.enum(memberRoles).nullish(),
  roles: z.array(memberLetter).min(1).nullish(),
  role: memberLetter.nullish(),
};
type Sent = {
  role_names?: MemberRole[] | null | undefined;
  role_name?: MemberRole | null | undefined;
  roles?: string[] | null | undefined;
  role?: string | null | undefined;
};

/** Everyone is a member, whatever else they are; null when nothing was said. */
export function memberRolesOf({ role_names, role_name, roles, role }: Sent): MemberRole[] | null {
  const letters = roles ?? (role ? [role] : null);
  const said = role_names ?? (role_name ? [role_name] : null) ?? letters?.map((letter) => byLetter[letter] ?? "member");
  return said ? memberRoles.filter((name) => name === "member" || said.includes(name)) : null;
}

export const workspaceRolesSent = {
  role_names: z.array(z.enum(workspaceRoles)).min(1).nullish(),
  role_name: z.enum(workspaceRoles).nullish(),
  role: workspaceLetter.nullish(),
};
type WorkspaceSent = {
  role_names?: WorkspaceRole[] | null | undefined;
  role_name?: WorkspaceRole | null | undefined;
  role?: string | null | undefined;
};

export function workspaceRolesOf({ role_names, role_name, role }: WorkspaceSent): WorkspaceRole[] {
  return role_names ?? (role_name ? [role_name] : [role === "A" ? "workspace_admin" : "user"]);
}

/** A role has a UUID of its own: its name, told apart from ids by its zeros. */
const roleUuid = (name: string): string => {
  const digits = Buffer.from(name.slice(0, 12).padEnd(12, "_")).toString("hex");
  return `00000000-0000-8${digits.slice(0, 3)}-8${digits.slice(3, 6)}-${digits.slice(6, 18)}`;
};

export const roleShape = z.object({
  name: z.string(),
  uuid,
  description: z.string(),
  is_custom_role: z.boolean(),
});

export const roleOut = (name: MemberRole | WorkspaceRole): z.input<typeof roleShape> => ({
  name,
  uuid: roleUuid(name),
  description: `${roleTitle(name)}: may ${rolePermissions[name].map((each) => permissions[each].words).join("; ")}.`,
  is_custom_role: false,
});

export { uuidOf };
