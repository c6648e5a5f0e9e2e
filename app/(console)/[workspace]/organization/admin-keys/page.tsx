import { KeyRound } from "lucide-react";
import { baseUrl } from "#app/(console)/base-url.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { AdminKeyList } from "#components/admin-keys/admin-key-list.tsx";
import { CreateAdminKey } from "#components/admin-keys/create-admin-key.tsx";
import { Card } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { adminKeysOf } from "#lib/domain/admin-keys/queries.ts";
import { create, revoke } from "./actions.ts";

const adminKeys = page({
  can: "admin-keys.write",
  title: "Admin keys",
  description: "For programs that administer the organization. They cannot ask models.",
  load: async (ctx) => {
    const [keys, base] = await Promise.all([adminKeysOf(ctx), baseUrl()]);
    return { keys, base, call: `curl ${base}/admin/users -H "x-api-key: $ADMIN_KEY"` };
  },
  head: ({ call }) => ({ action: <CreateAdminKey create={create} call={call} /> }),
  view: ({ keys, base, call }, ctx) => (
    <>
      {keys.length === 0 ? (
        <EmptyState icon={KeyRound} title="No admin keys yet">
          With one, a program invites people, makes workspaces and keys, sets limits and reads usage and audit log.
        </EmptyState>
      ) : (
        <AdminKeyList keys={keys} now={ctx.now} revoke={revoke} />
      )}
      <Card title="How to use one" description="Everything it can do is described in the API's own document.">
        <div className="flex flex-col gap-2">
          <CodeBlock label="Copy the call" code={call} />
          <CodeBlock label="Copy the address of the API's description" code={`${base}/openapi.json`} />
        </div>
      </Card>
    </>
  ),
});

export const { generateMetadata } = adminKeys;
export default adminKeys.default;
