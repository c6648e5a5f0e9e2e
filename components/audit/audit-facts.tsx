import { Code } from "#components/ui/code-block.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { AuditRow } from "#lib/domain/audit/view.ts";
import { objectWords } from "#lib/domain/audit/words/rules.ts";
import { Who } from "./audit-list.tsx";

type Props = {
  row: AuditRow;
  /** The name of the workspace it happened in, if it did in one and the reader may know it. */
  workspaceName: string | null;
};

/** Who did what to what, when and from where. */
export function AuditFacts({ row, workspaceName }: Props) {
  return (
    <DefinitionList
      rows={[
        { term: "Who", value: <Who row={row} /> },
        { term: "Actor id", value: <Copyable text={row.actorId} noun="actor id" /> },
        { term: "Time", value: <Time at={row.at} form="instant" /> },
        { term: "Action", value: <Code>{row.action}</Code> },
        { term: "Object", value: objectWords(row.objectType) },
        { term: "Object id", value: <Copyable text={row.objectId} noun="object id" /> },
        {
          term: "Workspace",
          value: row.workspaceId === null ? "The whole organization" : (workspaceName ?? row.workspaceId),
        },
        {
          term: "Clause",
          value: row.clause ? (
            <>
              {row.clause}, in <TextLink href="/legal/terms">the terms</TextLink>
            </>
          ) : (
            "None"
          ),
        },
        { term: "From", value: <Code>{row.address}</Code> },
        { term: "Client", value: row.agent },
      ]}
    />
  );
}

/** Where the row stands in the chain, for the person who wants to check it. */
export function AuditLink({ row }: { row: AuditRow }) {
  return (
    <DefinitionList
      rows={[
        { term: "Row", value: row.sequence },
        { term: "Row id", value: <Copyable text={row.id} noun="row id" /> },
        { term: "Hash", value: <Hash text={row.hash} noun="hash" /> },
        {
          term: "Hash of the row before",
          value: row.previousHash ? (
            <Hash text={row.previousHash} noun="hash of the row before" />
          ) : (
            "None: it is the first"
          ),
        },
      ]}
    />
  );
}

/** Too long for a telephone's line, and of no use when cut. */
const Hash = ({ text, noun }: { text: string; noun: string }) => (
  <span className="flex items-start gap-1">
    <span className="min-w-0 font-mono text-meta break-all text-text-soft">{text}</span>
    <CopyButton text={text} label={`Copy ${noun}`} />
  </span>
);
