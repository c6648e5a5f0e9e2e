import { Card } from "#components/ui/card.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Time } from "#components/ui/time.tsx";
import {
  type ReceiptBody,
  type ReceiptFile,
  type ReceiptServer,
  serverWords,
} from "#lib/domain/retention/receipts/rules.ts";

type Props = { body: ReceiptBody; file: ReceiptFile; now: Date };

const instant = (at: string, now: Date) => <Time at={new Date(at)} form="instant" now={now} />;

/** What a receipt says, beside its table of what went. */
export const ReceiptFacts = ({ body, file, now }: Props) => (
  <Card>
    <DefinitionList
      rows={[
        { term: "Deleted", value: instant(body.done_at, now) },
        ...(body.asked_at ? [{ term: "Asked for", value: instant(body.asked_at, now) }] : []),
        ...(body.due_at ? [{ term: "Due", value: instant(body.due_at, now) }] : []),
        { term: "Clause", value: body.clause },
        { term: "Of", value: body.workspace ? <Code>{body.workspace}</Code> : "The whole organization" },
        ...(body.targets.length > 0 ? [{ term: "Named", value: <Targets targets={body.targets} /> }] : []),
        { term: "Keys destroyed", value: body.keys_destroyed },
        {
          term: "Unreadable in backups",
          value: body.unreadable_in_backups_from ? (
            <>from {instant(body.unreadable_in_backups_from, now)}</>
          ) : (
            "When the last backup that has it is gone"
          ),
        },
        ...(body.servers ? [{ term: "Servers", value: <Servers servers={body.servers} now={now} /> }] : []),
        { term: "Place in the chain", value: body.sequence },
        { term: "Signed with", value: <Code>{file.public_key}</Code> },
      ]}
    />
  </Card>
);

type ServersProps = { servers: readonly ReceiptServer[]; now: Date };

const Servers = ({ servers, now }: ServersProps) => (
  <ul>
    {servers.map(({ server, adapter, state, since }) => (
      <li key={`${server} ${adapter}`}>
        <Code>{server}</Code> {serverWords[state]}, since {instant(since, now)}
      </li>
    ))}
  </ul>
);

const Targets = ({ targets }: { targets: ReceiptBody["targets"] }) => (
  <ul>
    {targets.map(({ kind, id }) => (
      <li key={id}>
        {kind} <Code>{id}</Code>
      </li>
    ))}
  </ul>
);
