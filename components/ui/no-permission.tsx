import { Lock } from "lucide-react";
import { type Permission, permissions } from "#lib/access/permissions.ts";
import { rolesWith } from "#lib/access/roles.ts";
import { EmptyState } from "./empty-state.tsx";

/** Instead of a page someone may not see: what it takes, and who can give it. */
export function NoPermission({ permission }: { permission: Permission }) {
  const roles = rolesWith(permission);
  return (
    <EmptyState icon={Lock} title={`You may not ${permissions[permission]}`}>
      {roles.length > 0 ? `It takes one of these roles: ${roles.join(", ")}. ` : null}
      An organization admin can give you one.
    </EmptyState>
  );
}
