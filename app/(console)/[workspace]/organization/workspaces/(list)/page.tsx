import { create } from "#app/(console)/[workspace]/organization/workspaces/actions.ts";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText } from "#components/ui/form-fields.tsx";
import { WorkspaceList } from "#components/workspaces/workspace-list.tsx";
import type { Context } from "#lib/core/context.ts";
import { workspacesOf } from "#lib/domain/workspaces/queries.ts";

const workspaces = page({
  can: "members.read",
  title: "Workspaces",
  description: "Parts of the organization with keys, people and limits of their own.",
  width: "table",
  load: workspacesOf,
  head: (_, ctx) => ({ action: <Create ctx={ctx} /> }),
  view: (workspaces, ctx) => (
    <WorkspaceList workspaces={workspaces} base={`/${ctx.workspaceId}/organization/workspaces`} now={ctx.now} />
  ),
});

export const { generateMetadata } = workspaces;
export default workspaces.default;

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
