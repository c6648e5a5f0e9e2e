import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Time } from "#components/ui/time.tsx";
import { connectorOf } from "#lib/core/connectors.ts";
import type { ConnectionView } from "#lib/domain/connections/view.ts";

/** What it is given, what leaves, who connected it, and how it does. */
export function Facts({ connection, now }: { connection: ConnectionView; now: Date }) {
  const { id, connector, settings, last4, scopes, lastOkAt, failingSince, tokenExpiresAt } = connection;
  const { fields, leaves } = connectorOf(connector);
  const told = fields
    .filter(({ place }) => place === "settings")
    .map(({ name, label }) => ({ term: label, value: wordsOf(settings[name]) }))
    .filter(({ value }) => value !== "");
  return (
    <Card>
      <DefinitionList
        rows={[
          { term: "What leaves", value: leaves },
          { term: "For", value: connection.workspaceName ?? "All workspaces" },
          ...told,
          ...(last4 ? [{ term: "Secret", value: `ends in ${last4}` }] : []),
          ...(scopes ? [{ term: "Scopes", value: scopes.join(", ") }] : []),
          ...(tokenExpiresAt ? [{ term: "Token", value: <Until at={tokenExpiresAt} /> }] : []),
          { term: "Last success", value: lastOkAt ? <Time at={lastOkAt} now={now} /> : "None yet" },
          ...(failingSince ? [{ term: "Failing since", value: <Time at={failingSince} form="instant" /> }] : []),
          ...gapOf(connection),
          { term: "Connected by", value: <By connection={connection} /> },
          { term: "Id", value: <Copyable text={id} noun="connection id" /> },
        ]}
      />
    </Card>
  );
}

const wordsOf = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : String(value ?? ""));

const Until = ({ at }: { at: Date }) => (
  <>
    good until <Time at={at} form="instant" />, renewed before
  </>
);

const By = ({ connection: { createdByName, createdAt, endedAt } }: { connection: ConnectionView }) => (
  <>
    {createdByName ?? "A former member"}, <Time at={createdAt} form="date" />
    {endedAt ? (
      <>
        ; disconnected <Time at={endedAt} form="date" />
      </>
    ) : null}
  </>
);

function gapOf({ gapFrom, gapUntil }: ConnectionView) {
  if (!gapFrom || !gapUntil) return [];
  const value = (
    <>
      What was used from <Time at={gapFrom} form="instant" /> to <Time at={gapUntil} form="instant" /> was not sent.
      Download it under Usage.
    </>
  );
  return [{ term: "Gap", value }];
}
