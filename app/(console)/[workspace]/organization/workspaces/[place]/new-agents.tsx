import { shareNewAgents } from "#app/(console)/[workspace]/organization/workspaces/actions.ts";
import { Card } from "#components/ui/card.tsx";
import { DefaultSharing } from "#components/workspaces/default-sharing.tsx";
import type { WorkspaceView } from "#lib/domain/workspaces/view.ts";

type Props = { workspace: WorkspaceView; mayChange: boolean };

/** T-4.3-SHARE2: the terms share agents with the whole workspace; a customer may choose otherwise for theirs. */
export function NewAgents({ workspace: { id, name, agentVisibility }, mayChange }: Props) {
  if (mayChange)
    return <DefaultSharing workspace={id} name={name} visibility={agentVisibility} save={shareNewAgents} />;
  return (
    <Card title="New agents">
      <p className="text-ui text-text-soft">
        {agentVisibility === "workspace"
          ? `Shared with everyone in ${name} when they are made.`
          : "Their owner’s alone until they share them."}
      </p>
    </Card>
  );
}
