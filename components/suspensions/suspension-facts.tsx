import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import { reasonTitles } from "#lib/domain/suspensions/rules.ts";
import type { SeenSuspension } from "#lib/domain/suspensions/view.ts";

type Props = { suspension: SeenSuspension; base: string; now: Date };

/** A suspension as its customer sees it; `base` is where their workspace's pages are. */
export function SuspensionFacts({ suspension, base, now }: Props) {
  const { startedAt, endedAt, endedWords, requestIds } = suspension;
  return (
    <Card title={suspension.state === "active" ? "Access is suspended" : "The suspension has ended"}>
      <DefinitionList
        rows={[
          ...(startedAt ? [{ term: "Since", value: <Time at={startedAt} form="instant" now={now} /> }] : []),
          { term: "Reason", value: `${reasonTitles[suspension.reason]} (${suspension.clause})` },
          { term: "What happened", value: suspension.words },
          ...(requestIds.length > 0 ? [{ term: "Requests", value: <Requests ids={requestIds} base={base} /> }] : []),
          ...(endedAt ? [] : [{ term: "Looked at again by", value: suspension.reviewOn }]),
          ...appealRows(suspension, now),
          ...(endedAt ? [{ term: "Ended", value: <Time at={endedAt} form="instant" now={now} /> }] : []),
          ...(endedWords ? [{ term: "Why it ended", value: endedWords }] : []),
        ]}
      />
    </Card>
  );
}

function appealRows({ appeal, appealedAt, appealDueAt, appealDecision, appealAnswer }: SeenSuspension, now: Date) {
  if (!appeal || !appealedAt || !appealDueAt) return [];
  return [
    { term: "Your appeal", value: appeal },
    { term: "Sent", value: <Time at={appealedAt} form="instant" now={now} /> },
    appealDecision
      ? { term: appealDecision === "upheld" ? "Upheld" : "Lifted", value: appealAnswer }
      : { term: "Answer by", value: <Time at={appealDueAt} form="date" now={now} /> },
  ];
}

const Requests = ({ ids, base }: { ids: readonly string[]; base: string }) => (
  <ul>
    {ids.map((id) => (
      <li key={id}>
        <TextLink href={`${base}/logs/${id}`}>{id}</TextLink>
      </li>
    ))}
  </ul>
);
