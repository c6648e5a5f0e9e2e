import { KeyRound } from "lucide-react";
import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { baseUrl } from "#app/(console)/base-url.ts";
import { Refused } from "#app/doors/refused.tsx";
import { AdminKeyList } from "#components/admin-keys/admin-key-list.tsx";
import { CreateAdminKey } from "#components/admin-keys/create-admin-key.tsx";
import { Card } from "#components/ui/card.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { adminKeysOf } from "#lib/domain/admin-keys/queries.ts";
import { create, revoke } from "./actions.ts";

export const metadata: Metadata = { title: "Admin keys" };

export default async function AdminKeysPage({ params }: { params: Promise<{ workspace: string }> }) {
  const ctx = await enter(params);
  const mayManage = can(ctx.actor, "admin-keys.write");
  const keys = mayManage ? await adminKeysOf(ctx) : [];
  const base = await baseUrl();
  const call = `curl ${base}/admin/users -H "x-api-key: $ADMIN_KEY"`;
  return (
    <Page>
      <PageHeader
        title="Admin keys"
        description="For programs that administer the organization. They cannot ask models."
        action={mayManage ? <CreateAdminKey create={create} call={call} /> : undefined}
      />
      {mayManage ? null : <Refused ctx={ctx} permission="admin-keys.write" />}
      {mayManage && keys.length === 0 ? (
        <EmptyState icon={KeyRound} title="No admin keys yet">
          With one, a program invites people, makes workspaces and keys, sets limits and reads usage and audit log.
        </EmptyState>
      ) : null}
      {keys.length > 0 ? <AdminKeyList keys={keys} now={ctx.now} revoke={revoke} /> : null}
      {mayManage ? (
        <Card title="How to use one" description="Everything it can do is described in the API's own document.">
          <div className="flex flex-col gap-2">
            <CodeBlock label="Copy the call" code={call} />
            <CodeBlock label="Copy the address of the API's description" code={`${base}/openapi.json`} />
          </div>
        </Card>
      ) : null}
    </Page>
  );
}
