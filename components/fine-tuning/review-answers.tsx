import { Badge } from "#components/ui/badge.tsx";
import { isExact, piecesOf, type ShownPrompt } from "#lib/domain/fine-tuning/review/rules.ts";

/** Prompts that were not trained on, and what base and tuned say beside what is wanted. */
export const ReviewAnswers = ({ prompts }: { prompts: readonly ShownPrompt[] }) => (
  <ol className="flex flex-col gap-3">
    {prompts.map((prompt, index) => (
      <li
        key={`${prompt.question}\n${prompt.wanted}`}
        className="overflow-clip rounded-card border border-line bg-surface"
      >
        <Asked prompt={prompt} number={index + 1} />
        <div className="grid divide-line max-sm:divide-y sm:grid-cols-3 sm:divide-x">
          <Answer label="Base" text={prompt.base} wanted={prompt.wanted} />
          <Answer label="Tuned" text={prompt.tuned} wanted={prompt.wanted} />
          <Answer label="Wanted" text={prompt.wanted} />
        </div>
      </li>
    ))}
  </ol>
);

function Asked({ prompt: { question, earlier }, number }: { prompt: ShownPrompt; number: number }) {
  return (
    <div className="border-b border-line bg-canvas px-4 py-2.5">
      <h3 className="max-h-40 overflow-y-auto text-ui font-medium break-words whitespace-pre-wrap">
        <span className="sr-only">Question {number}: </span>
        {question}
      </h3>
      {earlier > 0 ? (
        <p className="text-meta text-text-faint">
          after {earlier} earlier {earlier === 1 ? "message" : "messages"}
        </p>
      ) : null}
    </div>
  );
}

/** A longer one scrolls, so that the others stay near. */
const longText = 1200;

function Answer({ label, text, wanted }: { label: string; text: string; wanted?: string }) {
  const isRight = wanted !== undefined && isExact(text, wanted);
  const isLong = text.length > longText;
  return (
    <div className="flex min-w-0 flex-col gap-1.5 px-4 py-3 text-ui">
      <p className="flex items-center justify-between gap-2 text-meta text-text-faint">
        {label}
        {isRight ? <Badge tone="good">As wanted</Badge> : null}
      </p>
      <p
        className={
          isLong ? "max-h-72 overflow-y-auto break-words whitespace-pre-wrap" : "break-words whitespace-pre-wrap"
        }
        {...(isLong && { tabIndex: 0 })}
      >
        {text === "" ? <span className="text-text-faint">No answer</span> : null}
        {wanted === undefined || isRight ? text : <Marked text={text} wanted={wanted} />}
      </p>
    </div>
  );
}

/** Words that are not in the wanted answer are marked. */
const Marked = ({ text, wanted }: { text: string; wanted: string }) =>
  piecesOf(text, wanted).map(({ at, text: piece, isOther }) =>
    isOther ? (
      <mark key={at} className="bg-warn-soft text-text underline decoration-warn decoration-2 underline-offset-2">
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
