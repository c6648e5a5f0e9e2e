import { Lock } from "lucide-react";
import { type Permission, permissions } from "#lib/core/access/permissions.ts";
import { type Grantor, wayWords } from "#lib/core/access/words.ts";
import { EmptyState } from "./empty-state.tsx";

type Props = { permission: Permission /** Who can give it. */; grantors: readonly Grantor[] };

/** Instead of a page someone may not see: what it takes, and who can help. */
export function NoPermission({ permission, grantors }: Props) {
  return (
    <EmptyState icon={Lock} title={`You may not ${permissions[permission].words}`}>
      {wayWords(permission, grantors)}
    </EmptyState>
  );
}
