import { counted, type Evidence, type EvidenceOf, proof, shown } from "#lib/core/clauses/evidence.ts";

export type AgentFacts = {
  built: number;
  byApi: number;
  canShare: boolean;
  chatAgreed: number;
  workspaces: number;
  /** Workspaces whose new agents are not shared with all of it. */
  restrictedByDefault: number;
  restricted: number;
  granted: number;
  handles: number;
  attested: { at: Date; name: string | null } | null;
  report: { reportedAt: Date; decision: string | null; decidedAt: Date | null } | null;
  receiptAt: Date | null;
  endsAt: Date | null;
};

const page = [proof("Agents", "agents")];
const total = ({ built, byApi }: AgentFacts) => built + byApi;

function sharing({ canShare, chatAgreed }: AgentFacts): Evidence {
  const chat = `${counted(chatAgreed, "person", "people")} agreed to the terms of the chat.`;
  return canShare
    ? shown("running", `Your plan includes sharing; ${chat}`, { proofs: page })
    : shown("not_applicable", `Your plan has no sharing: each agent is its owner's. ${chat}`, { proofs: page });
}

function byDefault({ workspaces, restrictedByDefault }: AgentFacts): Evidence {
  const open = workspaces - restrictedByDefault;
  const words = `New agents are shared with all of the workspace in ${open} of ${counted(workspaces, "workspace")}.`;
  return shown("running", words, { proofs: [proof("Workspaces", "organization/workspaces")] });
}

function named({ report }: AgentFacts): Evidence {
  if (!report) return shown("open", "No name of yours was reported.", { proofs: page });
  const { decision, decidedAt, reportedAt } = report;
  if (decision === null)
    return shown("running", "A report of a name is looked into.", { at: reportedAt, proofs: page });
  return shown("kept", `The last report of a name: ${decision}.`, { at: decidedAt, proofs: page });
}

export function agentRows(facts: AgentFacts): EvidenceOf<"agents"> {
  const none = shown("open", "You have no agent.", { proofs: page });
  const has = (words: string, more: Partial<Evidence> = {}) =>
    total(facts) === 0 ? none : shown("running", words, { proofs: page, ...more });
  const { built, byApi, restricted, granted, handles, attested, receiptAt, endsAt } = facts;
  return {
    "T-4.3-CREATE": has(`${built} made here, ${byApi} by the API.`),
    "T-4.3-SHARE1": sharing(facts),
    "T-4.3-SHARE2": byDefault(facts),
    "T-4.3-SHARE3": has(
      `${counted(restricted, "agent is", "agents are")} restricted, with ${counted(granted, "grant")}.`,
    ),
    "T-4.3-TAG": has(`${counted(handles, "handle answers", "handles answer")} to an @ in a prompt.`),
    "T-4.3-OWN": has("Each is behind your organization's own wall in the database.", {
      next: endsAt && { at: endsAt, words: "Rights in agents end" },
    }),
    "T-4.3-RESP1": attested
      ? shown("kept", `${attested.name ?? "A person who left"} said so with the last version.`, {
          at: attested.at,
          proofs: page,
        })
      : shown("open", "No version was published so far.", { proofs: page }),
    "T-4.3-RESP2": named(facts),
    "T-4.3-DEL1": receiptAt
      ? shown("kept", "The last was deleted at once, with a receipt.", {
          at: receiptAt,
          proofs: [proof("Deleted agents", "agents/deleted")],
        })
      : shown("open", "You have not deleted an agent.", { proofs: page }),
  };
}
