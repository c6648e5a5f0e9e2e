import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { create } from "#app/(console)/[workspace]/organization/workspaces/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText } from "#components/ui/form-fields.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { WorkspaceList } from "#components/workspaces/workspace-list.tsx";
import type { Context } from "#lib/core/context.ts";
import { workspacesOf } from "#lib/domain/workspaces/queries.ts";

export const metadata: Metadata = { title: "Workspaces" };

export default async function WorkspacesPage({ params }: { params: Promise<{ workspace: string }> }) {
  const ctx = await enter(params);
  const workspaces = await workspacesOf(ctx);
  return (
    <Page width="table">
      <PageHeader
        title="Workspaces"
        description="Parts of the organization with keys, people and limits of their own."
        action={<Create ctx={ctx} />}
      />
      <WorkspaceList workspaces={workspaces} base={`/${ctx.workspaceId}/organization/workspaces`} now={ctx.now} />
    </Page>
  );
}

async function Create({ ctx }: { ctx: Context }) {
  const reason = await denial(ctx, "workspaces.write");
  if (reason) return <Denied label="Create workspace" reason={reason} />;
  return (
    <FormDialog
      creates
      trigger="Create workspace"
      title="Create workspace"
      description="You run it; whom else to let in, you choose afterwards."
      submit="Create workspace"
      action={create}
    >
      <FormText
        label="Name"
        name="name"
        autoComplete="off"
        maxLength={60}
        placeholder="Research"
        help="A team, a product, or a stage such as Production."
      />
    </FormDialog>
  );
}
