import type { ReactNode } from "react";
import { Badge } from "#components/ui/badge.tsx";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import type { Tone } from "#components/ui/notice.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { LetterAttempt, LetterDetail } from "#lib/domain/notices/view.ts";
import { LetterState } from "./letter-state.tsx";

type Props = {
  letter: LetterDetail;
  /** Shows the links of the text as links: only where the reader is the person the letter is for. */
  text: ReactNode;
};

/** A letter as kept: what became of it, its text, and its HTML, which can run nothing and load nothing here. */
export function LetterView({ letter, text }: Props) {
  const rows = [
    { term: "To", value: letter.recipient },
    { term: "State", value: <LetterState state={letter.state} /> },
    { term: "Written", value: <Time at={letter.createdAt} form="instant" /> },
    ...(letter.sentAt ? [{ term: "Taken by the mail server", value: <Time at={letter.sentAt} form="instant" /> }] : []),
    ...(letter.answer ? [{ term: "The mail server said", value: letter.answer }] : []),
    ...(letter.messageId ? [{ term: "Message id", value: letter.messageId }] : []),
    ...(letter.bouncedAt ? [{ term: "Bounced", value: <Time at={letter.bouncedAt} form="instant" /> }] : []),
    ...(letter.error ? [{ term: "Last error", value: letter.error }] : []),
    ...(letter.openedAt
      ? [{ term: "Opened in the console", value: <Time at={letter.openedAt} form="instant" /> }]
      : []),
    { term: "Kind", value: letter.kind },
    ...(letter.clause ? [{ term: "Clause", value: letter.clause }] : []),
    { term: "Id", value: <Copyable text={letter.id} noun="letter id" /> },
  ];
  return (
    <>
      <Card title="What became of it">
        <DefinitionList rows={rows} />
      </Card>
      {letter.tries.length > 0 ? <Tries tries={letter.tries} /> : null}
      <Card title="Text">
        <div className="max-w-[72ch] break-words whitespace-pre-wrap">{text}</div>
      </Card>
      <Card title="HTML" flush>
        <iframe
          title="The letter's HTML"
          sandbox=""
          srcDoc={letter.html}
          className="h-120 w-full border-t border-line bg-on-accent"
        />
      </Card>
    </>
  );
}

const columns = [
  { key: "at", label: "Time" },
  { key: "outcome", label: "Outcome" },
  { key: "ms", label: "Took", align: "right" },
  { key: "answer", label: "Answer" },
] as const;

const outcomes: Record<LetterAttempt["outcome"], { tone: Tone; word: string }> = {
  sent: { tone: "good", word: "Taken" },
  deferred: { tone: "warn", word: "Try later" },
  bounced: { tone: "bad", word: "Bounced" },
};

/** Each time it was offered to the mail server. */
function Tries({ tries }: { tries: readonly LetterAttempt[] }) {
  return (
    <section aria-labelledby="tries" className="flex flex-col gap-3">
      <h2 id="tries" className="text-body font-semibold">
        Attempts
      </h2>
      <Table caption="Attempts" columns={columns}>
        {tries.map(({ number, at, ms, outcome, answer }) => (
          <Row key={number}>
            <HeadCell>
              <Time at={at} form="instant" />
            </HeadCell>
            <Cell label="Outcome">
              <Badge tone={outcomes[outcome].tone}>{outcomes[outcome].word}</Badge>
            </Cell>
            <Cell label="Took" align="right">
              {ms} ms
            </Cell>
            <Cell label="Answer" wrap>
              {answer}
            </Cell>
          </Row>
        ))}
      </Table>
    </section>
  );
}
