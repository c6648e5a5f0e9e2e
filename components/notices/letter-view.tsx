import type { ReactNode } from "react";
import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Time } from "#components/ui/time.tsx";
import type { LetterRow } from "./letter-list.tsx";
import { LetterState } from "./letter-state.tsx";

export type FullLetter = LetterRow & {
  text: string;
  html: string;
  clause: string | null;
  attempts: number;
  error: string | null;
  sentAt: Date | null;
};

type Props = {
  letter: FullLetter;
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
    ...(letter.attempts > 0 ? [{ term: "Attempts", value: letter.attempts }] : []),
    ...(letter.error ? [{ term: "Last error", value: letter.error }] : []),
    { term: "Kind", value: letter.kind },
    ...(letter.clause ? [{ term: "Clause", value: letter.clause }] : []),
    { term: "Id", value: <Copyable text={letter.id} noun="letter id" /> },
  ];
  return (
    <>
      <Card title="What became of it">
        <DefinitionList rows={rows} />
      </Card>
      <Card title="Text">
        <div className="max-w-[72ch] break-words whitespace-pre-wrap">{text}</div>
      </Card>
      <Card title="HTML" flush>
        <iframe
          title="The letter as a mail program shows it"
          sandbox=""
          srcDoc={letter.html}
          className="h-120 w-full border-t border-line bg-on-accent"
        />
      </Card>
    </>
  );
}
