"use client";

import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { type Answer, bodyOf, type PlaygroundModel } from "#components/playground/conversation.ts";
import { usePlaygroundKey } from "#components/playground/use-playground-key.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Queries } from "#components/ui/queries.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { answerProblem } from "#components/ui/unreachable.ts";
import type { Action } from "#lib/core/action-result.ts";
import { costOf, formatEuros, micros } from "#lib/core/money.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";
import { askModel, type SecretOf } from "./ask-model.ts";

type Props = { base: PlaygroundModel; tuned: PlaygroundModel; open: Action<PlaygroundKey> };

/** Asks base and tuned the same at once, as the playground asks: the answers stream, and are billed as calls are. */
export const AskBoth = (props: Props) => (
  <Queries>
    <Asking {...props} />
  </Queries>
);

type Side = Pick<Answer, "text" | "state" | "usage" | "problem">;
type Change = (next: (side: Side) => Partial<Side>) => void;

const begun: Side = { text: "", state: "streaming" };

function Asking({ base, tuned, open }: Props) {
  const [question, setQuestion] = useState("");
  const [sides, setSides] = useState<readonly [Side, Side]>();
  const running = useRef<AbortController>(undefined);
  const secretOf = usePlaygroundKey(open);
  useEffect(() => () => running.current?.abort(), []);
  const isAnswering = sides?.some(({ state }) => state === "streaming") ?? false;

  const ask = (event?: FormEvent) => {
    event?.preventDefault();
    if (isAnswering || question.trim() === "") return;
    const abort = new AbortController();
    running.current = abort;
    setSides([begun, begun]);
    for (const [at, { id }] of [base, tuned].entries()) {
      const change: Change = (next) =>
        setSides((now) => now?.map((side, index) => (index === at ? { ...side, ...next(side) } : side)) as typeof now);
      void follow({ model: id, question, signal: abort.signal, secretOf }, change);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) ask(event as unknown as FormEvent);
  };
  return (
    <form onSubmit={ask} className="flex flex-col gap-3">
      <Textarea
        aria-label="Your prompt"
        placeholder="Your prompt. Enter asks both, Shift and Enter starts a new line."
        rows={2}
        value={question}
        onChange={(event) => setQuestion(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="flex justify-end">
        {isAnswering ? (
          <Button onClick={() => running.current?.abort()}>Stop</Button>
        ) : (
          <Button type="submit">Ask both</Button>
        )}
      </div>
      {sides ? (
        <div aria-live="polite" aria-busy={isAnswering} className="grid gap-3 sm:grid-cols-2">
          <Said label="Base" side={sides[0]} model={base} />
          <Said label="Tuned" side={sides[1]} model={tuned} />
        </div>
      ) : null}
    </form>
  );
}

type Asked = {
  model: string;
  question: string;
  signal: AbortSignal;
  secretOf: SecretOf;
};

async function follow({ model, question, signal, secretOf }: Asked, change: Change): Promise<void> {
  const settings = { model, system: "", temperature: "0", maxTokens: "", topP: "", seed: "" };
  try {
    await askModel(bodyOf(settings, [], question), { secretOf, signal }, (piece) =>
      change(({ text, usage }) => ({ text: text + piece.text, usage: piece.usage ?? usage })),
    );
    change(() => ({ state: "done" }));
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") change(() => ({ state: "stopped" }));
    else change(() => ({ state: "failed", problem: answerProblem(error) }));
  }
}

function Said({ label, side, model }: { label: string; side: Side; model: PlaygroundModel }) {
  const { text, state, usage, problem } = side;
  return (
    <section
      aria-label={label}
      className="flex min-w-0 flex-col gap-1.5 rounded-card border border-line px-4 py-3 text-ui"
    >
      <p className="text-meta text-text-faint">{label}</p>
      <p className="break-words whitespace-pre-wrap">
        {text}
        {state === "streaming" && text === "" ? (
          <span className="text-text-faint">Waiting for the first token…</span>
        ) : null}
      </p>
      {problem ? <Notice tone="bad">{problem}</Notice> : null}
      {state === "stopped" ? <p className="text-meta text-text-faint">Stopped.</p> : null}
      {usage ? (
        <p className="tabular text-meta text-text-faint">
          {usage.promptTokens} tokens in, {usage.completionTokens} out, {formatEuros(costOf(usage, pricesOf(model)))}
        </p>
      ) : null}
    </section>
  );
}

const pricesOf = ({ price }: PlaygroundModel) => ({
  inputMicros: micros(price.inputMicros),
  cachedInputMicros: micros(price.cachedInputMicros),
  outputMicros: micros(price.outputMicros),
});
