import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { connectionClosed } from "#lib/domain/connections/rules.ts";
import type { ConnectionView, ConnectorCard as Shown } from "#lib/domain/connections/view.ts";
import { connectionWord, ruleWords } from "./connection-states.ts";

type Props = { card: Shown; base: string; now: Date; mayConnect: boolean; mayRestrict: boolean };

/** A service: what leaves for it, what is connected, and how that does. */
export function ConnectorCard({ card, base, now, mayConnect, mayRestrict }: Props) {
  const { name, about, leaves, rule, connections } = card;
  const isClosed = connectionClosed(rule, mayRestrict);
  return (
    <Card
      title={name}
      description={about}
      aside={rule === "allowed" ? undefined : <Badge plain>{ruleWords[rule].word}</Badge>}
      hint={mayConnect && isClosed ? ruleWords[rule].help : undefined}
      footer={<Ways card={card} base={base} isOpen={mayConnect && !isClosed} mayRestrict={mayRestrict} />}
    >
      <p className="max-w-[72ch] text-ui text-text-soft">
        <span className="font-medium text-text">What leaves:</span> {leaves}
      </p>
      {connections.length > 0 ? (
        <ul
          aria-label={`Connections to ${name}`}
          className="mt-3 flex flex-col divide-y divide-line border-t border-line"
        >
          {connections.map((connection) => (
            <Line key={connection.id} connection={connection} base={base} now={now} />
          ))}
        </ul>
      ) : null}
    </Card>
  );
}

type WaysProps = { card: Shown; base: string; isOpen: boolean; mayRestrict: boolean };

const Ways = ({ card: { id, name, hasRules }, base, isOpen, mayRestrict }: WaysProps) => (
  <>
    {mayRestrict ? (
      <LinkButton
        size="small"
        href={`${base}/rules/${id}`}
        aria-label={hasRules ? `Rules for ${name}` : `Who can connect ${name}`}
      >
        {hasRules ? "Rules" : "Who can connect"}
      </LinkButton>
    ) : null}
    {isOpen ? (
      <LinkButton size="small" href={`${base}/connect/${id}`} aria-label={`Connect ${name}`}>
        Connect
      </LinkButton>
    ) : null}
  </>
);

function Line({ connection, base, now }: { connection: ConnectionView; base: string; now: Date }) {
  const { id, name, workspaceName, createdByName, lastOkAt } = connection;
  const { tone, word } = connectionWord(connection);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2.5 text-ui">
      <div className="min-w-0">
        <TextLink href={`${base}/${id}`}>
          <span className="break-words">{name}</span>
        </TextLink>
        <p className="text-meta text-text-faint">
          {workspaceName ?? "All workspaces"} · connected by {createdByName ?? "a former member"}
        </p>
      </div>
      <div className="flex items-center gap-3 text-meta text-text-soft">
        {lastOkAt ? (
          <span>
            worked <Time at={lastOkAt} now={now} />
          </span>
        ) : null}
        <Badge tone={tone}>{word}</Badge>
      </div>
    </li>
  );
}
