"use client";

import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Queries } from "#components/ui/queries.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";
import type { PlaygroundModel, Settings } from "./conversation.ts";
import { SettingsPanel } from "./settings-panel.tsx";
import { TurnView } from "./turn-view.tsx";
import { useConversation } from "./use-conversation.ts";

type Props = {
  models: readonly PlaygroundModel[];
  /** The model to start with. */
  model: string;
  /** Address of `/v1`, for the commands shown. */
  baseUrl: string;
  /** Address of the request log, for those who may read it. */
  logsHref: string | undefined;
  open: Action<PlaygroundKey>;
};

/** Talks to `/v1` from the browser, as any program would. */
export function Playground(props: Props) {
  return (
    <Queries>
      <Conversation {...props} />
    </Queries>
  );
}

function Conversation({ models, model, baseUrl, logsHref, open }: Props) {
  const [settings, setSettings] = useState<Settings>({
    model,
    system: "",
    temperature: "",
    maxTokens: "",
    topP: "",
    seed: "",
  });
  const { turns, isAnswering, ask, retry, stop, restart } = useConversation(open);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The field stays in sight while the answer above it grows.
    if (turns.length > 0) end.current?.scrollIntoView({ block: "nearest" });
  }, [turns]);
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_280px]">
      <section aria-label="Conversation" className="flex min-w-0 flex-col gap-5">
        {turns.length === 0 ? (
          <p className="rounded-card border border-dashed border-line px-6 py-12 text-center text-ui text-text-soft">
            Ask something. The answer streams from the same API your programs use, and each can be copied as a curl
            command.
          </p>
        ) : (
          <ol className="flex flex-col gap-6" aria-live="polite" aria-busy={isAnswering}>
            {turns.map((turn) => (
              <TurnView
                key={turn.id}
                turn={turn}
                models={models}
                baseUrl={baseUrl}
                logsHref={logsHref}
                onRetry={turn === turns.at(-1) && !isAnswering ? () => retry(turn) : undefined}
              />
            ))}
          </ol>
        )}
        <Question
          isAnswering={isAnswering}
          onAsk={(question) => ask(settings, question)}
          onStop={stop}
          onRestart={turns.length > 0 ? restart : undefined}
        />
        <div ref={end} className="scroll-mb-4" />
      </section>
      <section
        aria-label="Settings"
        className="h-fit rounded-card border border-line bg-surface p-4 lg:sticky lg:top-20"
      >
        <SettingsPanel models={models} settings={settings} onChange={setSettings} />
      </section>
    </div>
  );
}

type QuestionProps = {
  isAnswering: boolean;
  onAsk: (question: string) => void;
  onStop: () => void;
  onRestart: (() => void) | undefined;
};

function Question({ isAnswering, onAsk, onStop, onRestart }: QuestionProps) {
  const [question, setQuestion] = useState("");
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (isAnswering || question.trim() === "") return;
    onAsk(question);
    setQuestion("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-2">
      <Textarea
        aria-label="Your message"
        placeholder="Your message. Enter sends, Shift and Enter starts a new line."
        rows={3}
        autoFocus
        value={question}
        data-shortcut="filter"
        onChange={(event) => setQuestion(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="flex justify-end gap-2">
        {onRestart ? (
          <Button emphasis="quiet" onClick={onRestart}>
            Start over
          </Button>
        ) : null}
        {isAnswering ? (
          <Button onClick={onStop}>Stop</Button>
        ) : (
          <Button type="submit" emphasis="primary">
            Send
          </Button>
        )}
      </div>
    </form>
  );
}
