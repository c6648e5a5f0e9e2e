import type { Id } from "#db/id.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

type Addressee = { name: string; email: string };
type Place = { organizationId: Id<"organization">; workspaceId: Id<"workspace"> };
type Named = { name: string; handle: string };

type PassedOn = Place & { placeName: string; agents: readonly (Named & { id: Id<"agent"> })[]; from: string };

/** T-4.3-SHARE3: an agent always has an owner who can see to it. */
export const agentsPassedOnLetter = (
  to: Addressee,
  { organizationId, workspaceId, placeName, agents, from }: PassedOn,
): Letter =>
  compose({
    kind: "agents.passed-on",
    to,
    subject:
      agents.length === 1 ? `You own the agent ${agents[0]?.name} now` : `You own ${agents.length} more agents now`,
    before: [
      `${agents.map(({ name, handle }) => `${name} (@${handle})`).join(", ")}: owned by ${from} until now, and by you from now on. What is shared with whom stays as it was.`,
      "You may change, share, pass on and delete what you own. What an agent hands over to, it reaches with your rights.",
    ],
    link: {
      label: agents.length === 1 ? "See the agent" : `See the agents of ${placeName}`,
      path: `/${workspaceId}/agents${agents.length === 1 ? `/${agents[0]?.id}/sharing` : ""}`,
    },
    organizationId,
    clause: "T-4.3-SHARE3",
  });

type Renamed = Place & { before: Named; after: Named; reason: string };

/** T-4.3-RESP2: the person who wrote the old handle somewhere has to write the new one. */
export const agentRenamedLetter = (
  to: Addressee,
  { organizationId, workspaceId, before, after, reason }: Renamed,
): Letter =>
  compose({
    kind: "agents.renamed",
    to,
    subject: `We renamed your agent ${before.name}`,
    before: [
      `We had a complaint about the name of the agent ${before.name} (@${before.handle}), and renamed it to ${after.name} (@${after.handle}).`,
      `Our reason: ${reason}`,
      before.handle === after.handle
        ? "Its handle stays. Its versions, sharing and conversations stay as they were, and programs that name it by its id go on."
        : `@${before.handle} has stopped working; write @${after.handle} instead. Its versions, sharing and conversations stay as they were, and programs that name it by its id go on.`,
    ],
    link: { label: "See your agents", path: `/${workspaceId}/agents` },
    after: [
      "You can choose another name on the agent's page, as long as it is free of others' rights and within the law.",
    ],
    organizationId,
    clause: "T-4.3-RESP2",
  });

type Answered = Place & { named: Named; isRenamed: boolean; answer: string };

export const reportAnsweredLetter = (
  to: Addressee,
  { organizationId, workspaceId, named, isRenamed, answer }: Answered,
): Letter =>
  compose({
    kind: "agents.report-answered",
    to,
    subject: `Your report about the agent ${named.name}`,
    before: [
      isRenamed
        ? `You reported the agent ${named.name} (@${named.handle}). We renamed it; thank you for telling us.`
        : `You reported the agent ${named.name} (@${named.handle}). We looked into it and leave its name as it is.`,
      `Our answer: ${answer}`,
    ],
    link: { label: "See the agents", path: `/${workspaceId}/agents` },
    organizationId,
    clause: "T-4.3-RESP2",
  });
