import { Badge } from "#components/ui/badge.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { type Definition, DefinitionList } from "#components/ui/definition-list.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { formatCount } from "#components/usage/measures.ts";
import { type KeyView, maskedKey } from "#lib/domain/keys/view.ts";

type Props = { view: KeyView; base: string; now: Date };

/** Everything a key is and may do. `base` is the address of the list. */
export function KeyFacts({ view, base, now }: Props) {
  return <DefinitionList rows={[...identity(view), ...rights(view), ...life(view, base, now)]} />;
}

const identity = (view: KeyView): Definition[] => [
  { term: "Key", value: <Code>{maskedKey(view)}</Code> },
  { term: "Key id", value: <Copyable text={view.id} noun="key id" /> },
  view.isService
    ? { term: "Belongs to", value: `The workspace; looked after by ${view.ownerName}` }
    : { term: "Created by", value: view.ownerName },
];

const rights = ({ scopes, models, addresses, browser }: KeyView): Definition[] => [
  { term: "May do", value: <Tags texts={scopes} otherwise="Nothing" /> },
  { term: "Models", value: <Tags texts={models} otherwise="Every model of the workspace" /> },
  { term: "From", value: <Tags texts={addresses} otherwise="Any address" /> },
  ...(browser ? [{ term: "Web pages", value: "Only from pages of the organization’s origins" }] : []),
];

const life = (view: KeyView, base: string, now: Date): Definition[] => [
  { term: "Created", value: <Time at={view.createdAt} form="instant" /> },
  { term: "Expires", value: view.expiresAt ? <Time at={view.expiresAt} form="instant" /> : "Never" },
  ...(view.revokedAt ? [{ term: "Ended", value: <Time at={view.revokedAt} form="instant" /> }] : []),
  ...(view.successorId
    ? [
        {
          term: "Successor",
          value: <TextLink href={`${base}/${view.successorId}`}>The key that took its place</TextLink>,
        },
      ]
    : []),
  { term: "Last used", value: view.lastUsedAt ? <LastUse view={view} at={view.lastUsedAt} now={now} /> : "Never" },
  { term: "Calls today", value: <span className="tabular">{formatCount(view.callsToday)}</span> },
  { term: "Spent this month", value: <Sum pico={view.monthPico} /> },
];

function LastUse({ view, at, now }: { view: KeyView; at: Date; now: Date }) {
  return (
    <>
      <Time at={at} now={now} />
      {view.lastUsedAddress ? (
        <>
          {" from "}
          <Code>{view.lastUsedAddress}</Code>
        </>
      ) : null}
      {view.lastUsedAgent ? ` with ${view.lastUsedAgent}` : null}
    </>
  );
}

function Tags({ texts, otherwise }: { texts: readonly string[] | null; otherwise: string }) {
  if (!texts || texts.length === 0) return otherwise;
  return (
    <span className="flex flex-wrap gap-1.5">
      {texts.map((text) => (
        <Badge key={text} plain>
          {text}
        </Badge>
      ))}
    </span>
  );
}
