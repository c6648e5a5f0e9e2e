import { Button } from "#components/ui/button.tsx";
import { CodeBlock } from "#components/ui/code-block.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { formatCount } from "#components/usage/measures.ts";
import { costOf, formatEuros, micros } from "#lib/core/money.ts";
import { type Answer, asCurl, type PlaygroundModel, type Turn } from "./conversation.ts";
import { Thinking } from "./thinking.tsx";

type Props = {
  turn: Turn;
  models: readonly PlaygroundModel[];
  baseUrl: string;
  logsHref: string | undefined;
  onRetry: (() => void) | undefined;
};

/** A question, its answer, and what the answer took. */
export function TurnView({ turn, models, baseUrl, logsHref, onRetry }: Props) {
  const { question, answer } = turn;
  const model = models.find(({ id }) => id === answer.model);
  return (
    <li className="flex flex-col gap-3">
      <div className="ml-auto max-w-[85%] rounded-card bg-accent-soft px-3.5 py-2.5 whitespace-pre-wrap break-words">
        <span className="sr-only">You: </span>
        {question}
      </div>
      <div className="flex flex-col gap-2">
        <Thinking text={answer.thought} />
        <div className="max-w-[68ch] whitespace-pre-wrap break-words">
          <span className="sr-only">{answer.model}: </span>
          {answer.text}
          {answer.state === "streaming" && answer.text === "" ? <Waiting /> : null}
        </div>
        {answer.problem ? (
          <Notice tone="bad" action={onRetry && <Button onClick={onRetry}>Try again</Button>}>
            {answer.problem}
          </Notice>
        ) : null}
        {answer.state === "streaming" ? null : <Figures answer={answer} model={model} logsHref={logsHref} />}
        <details className="text-ui">
          <summary className="w-fit rounded-small text-text-soft">View as curl</summary>
          <div className="pt-2">
            <CodeBlock code={asCurl(baseUrl, answer.sent)} label="Copy curl command" />
          </div>
        </details>
      </div>
    </li>
  );
}

function Waiting() {
  return (
    <span className="flex items-center gap-2 text-text-faint">
      <Spinner /> Waiting for the first token…
    </span>
  );
}

function Figures({
  answer,
  model,
  logsHref,
}: {
  answer: Answer;
  model: PlaygroundModel | undefined;
  logsHref: string | undefined;
}) {
  return (
    <p className="tabular flex flex-wrap items-center gap-x-3 gap-y-1 text-meta text-text-faint">
      {figuresOf(answer, model).map((figure) => (
        <span key={figure}>{figure}</span>
      ))}
      {answer.requestId && logsHref ? (
        <TextLink look="quiet" href={`${logsHref}/${answer.requestId}`}>
          In the log
        </TextLink>
      ) : null}
      {answer.text ? <CopyButton text={answer.text} label="Copy answer" /> : null}
    </p>
  );
}

function figuresOf(
  { state, text, usage, finishReason, firstByteMs, latencyMs }: Answer,
  model: PlaygroundModel | undefined,
): string[] {
  const figures: string[] = [];
  if (state === "stopped")
    figures.push(text ? "Stopped; what was written until then is billed" : "Stopped before the first token");
  if (usage) figures.push(`${formatCount(usage.promptTokens)} tokens in, ${formatCount(usage.completionTokens)} out`);
  if (usage && model) figures.push(formatEuros(costOf(usage, pricesOf(model))));
  if (firstByteMs !== undefined && latencyMs !== undefined)
    figures.push(`${firstByteMs} ms to the first byte, ${latencyMs} ms in all`);
  if (finishReason === "length") figures.push("Cut off at max tokens");
  return figures;
}

const pricesOf = ({ price }: PlaygroundModel) => ({
  inputMicros: micros(price.inputMicros),
  cachedInputMicros: micros(price.cachedInputMicros),
  outputMicros: micros(price.outputMicros),
});
