import { duplicate, remove } from "#app/(console)/[workspace]/agents/actions.ts";
import type { Head } from "#app/doors/workspace-page.tsx";
import { type AgentTab, agentHeading } from "#components/agents/agent-header.tsx";
import { counted } from "#components/agents/agent-words.ts";
import { MenuDownload } from "#components/agents/menu-download.tsx";
import { ReportFields } from "#components/sharing/report-fields.tsx";
import { type MenuDialog, PageMenu } from "#components/shell/page-menu.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { aliasesOf, versionNumbers } from "#lib/domain/agents/versions/queries.ts";
import type { AgentView } from "#lib/domain/agents/view.ts";
import { report } from "./sharing/actions.ts";

/** The head of every page about one agent. */
export const agentTop =
  (current: AgentTab) =>
  (agent: AgentView, ctx: Context): Head => {
    const base = `/${ctx.workspaceId}/agents/${agent.id}`;
    return agentHeading({
      agent,
      base,
      current,
      canEdit: agent.rights.has("edit"),
      menu: (
        <>
          {isForChat(ctx, agent) ? (
            <LinkButton href={`/${ctx.workspaceId}/chat?agent=${agent.id}`}>Chat</LinkButton>
          ) : null}
          <PageMenu label="More about this agent" dialogs={dialogsOf(ctx, agent)}>
            <MenuDownload href={`${base}/export`}>Export JSON</MenuDownload>
          </PageMenu>
        </>
      ),
    });
  };

/** What a person may do with the agent as a whole. */
function dialogsOf(ctx: Context, agent: AgentView): MenuDialog[] {
  const { id, name, rights } = agent;
  const hidden = { agent: id };
  const copying: MenuDialog = {
    label: "Duplicate…",
    title: `Duplicate ${name}`,
    body: <p className="text-ui">A draft of your own that says the same, called “Copy of {name}”.</p>,
    submit: "Duplicate agent",
    hidden,
    action: duplicate,
  };
  const reporting: MenuDialog = {
    label: "Report…",
    title: `Report the name of ${name}`,
    body: <ReportFields provider={env().PROVIDER_NAME} />,
    submit: "Send report",
    hidden,
    action: report,
  };
  const removing: MenuDialog = {
    label: "Delete…",
    title: `Delete ${name}`,
    body: <Effect ctx={ctx} agent={agent} />,
    submit: "Delete agent",
    tone: "bad",
    hidden,
    action: remove,
  };
  return [...(can(ctx.actor, "agents.write") ? [copying] : []), reporting, ...(rights.has("manage") ? [removing] : [])];
}

const isForChat = ({ actor }: Context, { rights, deploymentChat }: AgentView): boolean =>
  can(actor, "conversations.use") && deploymentChat && rights.has("use");

/** T-4.3-DEL1: what deleting takes away, before it does. */
async function Effect({ ctx, agent }: { ctx: Context; agent: AgentView }) {
  const [versions, aliases] = await Promise.all([versionNumbers(ctx, agent), aliasesOf(ctx, agent.id)]);
  const parts = [
    counted(versions.length, "version"),
    counted(aliases.length, "alias", "aliases"),
    counted(agent.grants.length, "grant"),
    ...(agent.hasDraft ? ["the draft"] : []),
  ];
  return (
    <div className="flex flex-col gap-2 text-ui">
      <p>
        Removed at once and for good: {parts.slice(0, -1).join(", ")} and {parts.at(-1)}.
      </p>
      <p>
        Programs and agents that call @{agent.handle} are told that it was deleted. Conversations with it keep their
        text. A receipt says what was removed.
      </p>
    </div>
  );
}
