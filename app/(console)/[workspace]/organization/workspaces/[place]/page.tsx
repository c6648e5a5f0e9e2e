import { rename } from "#app/(console)/[workspace]/organization/workspaces/actions.ts";
import { asId, page } from "#app/doors/workspace-page.tsx";
import { RenameForm } from "#components/organization/rename-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Time } from "#components/ui/time.tsx";
import { WorkspaceState } from "#components/workspaces/workspace-list.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { workspaceOf } from "#lib/domain/workspaces/queries.ts";
import type { WorkspaceView } from "#lib/domain/workspaces/view.ts";
import { Archive } from "./archive.tsx";
import { NewAgents } from "./new-agents.tsx";
import { People } from "./people.tsx";

/** One workspace as a part of the organization: its name, its people, and closing it. */
const workspacePage = page({
  can: "members.read",
  title: "Workspace",
  load: (ctx, { params }) => workspaceOf(ctx, asId("workspace", params.place)),
  name: ({ name }) => name,
  head: (workspace) => ({ badge: <WorkspaceState {...workspace} /> }),
  view: (workspace, ctx) => (
    <>
      <Name ctx={ctx} workspace={workspace} />
      {workspace.archivedAt ? null : <People ctx={ctx} workspace={workspace} />}
      {workspace.archivedAt ? null : <NewAgents workspace={workspace} mayChange={mayRename(ctx, workspace)} />}
      <Archive ctx={ctx} workspace={workspace} />
    </>
  ),
});

export const { generateMetadata } = workspacePage;
export default workspacePage.default;

function Name({ ctx, workspace }: { ctx: Context; workspace: WorkspaceView }) {
  const { id, name, createdAt, archivedAt } = workspace;
  const facts = (
    <DefinitionList
      rows={[
        { term: "Id", value: <Copyable text={id} noun="workspace id" /> },
        { term: "Created", value: <Time at={createdAt} form="date" /> },
        ...(archivedAt ? [{ term: "Archived", value: <Time at={archivedAt} form="date" /> }] : []),
      ]}
    />
  );
  if (!mayRename(ctx, workspace)) return <Card title="Workspace">{facts}</Card>;
  return (
    <RenameForm
      title="Workspace"
      description="The name stands in the switcher and in letters."
      label="Name"
      name={name}
      save={rename}
      hidden={{ workspace: id }}
    >
      {facts}
    </RenameForm>
  );
}

/** An admin of the organization renames every workspace, a workspace's own admin theirs, where they are. */
const mayRename = ({ actor, workspaceId }: Context, { id, archivedAt }: WorkspaceView): boolean =>
  archivedAt === null && (can(actor, "workspaces.write") || (id === workspaceId && can(actor, "workspace.write")));
