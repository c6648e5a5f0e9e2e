import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";
import { CallResults } from "./call-results.tsx";
import { PreviewItem } from "./preview-item.tsx";
import { openCalls } from "./preview-items.ts";
import { type Preview as State, usePreview } from "./use-preview.ts";

type Props = {
  agentId: string;
  /** Keeps what is in the form; false where it cannot be kept. */
  save: () => Promise<boolean>;
  open: Action<PlaygroundKey>;
  /** Why a person cannot try it. */
  refusal: string | null;
};

/** A small chat with the draft, as it stands in the form. */
export function Preview({ agentId, save, open, refusal }: Props) {
  const preview = usePreview(agentId, save, open);
  return (
    <section
      aria-label="Preview"
      className="flex h-fit flex-col overflow-clip rounded-card border border-line bg-surface lg:sticky lg:top-20 lg:max-h-[calc(100dvh-7rem)]"
    >
      <div className="flex items-start justify-between gap-4 border-b border-line px-4 py-3">
        <div className="min-w-0">
          <h2 className="text-body font-semibold">Preview</h2>
          <p className="text-meta text-text-faint">
            Talks to the draft, which is saved first. The conversation is not kept; its tokens are billed.
          </p>
        </div>
        {preview.items.length > 0 ? (
          <Button
            size="small"
            onClick={(event) => {
              preview.restart();
              event.currentTarget.closest("section")?.querySelector("textarea")?.focus();
            }}
          >
            Start over
          </Button>
        ) : null}
      </div>
      {refusal ? (
        <div className="p-4">
          <Notice tone="neutral">{refusal}</Notice>
        </div>
      ) : (
        <>
          <Conversation preview={preview} />
          <Question preview={preview} />
        </>
      )}
    </section>
  );
}

function Conversation({ preview: { items, isAnswering } }: { preview: State }) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What is newest stays in sight, inside the preview only.
    if (items.length > 0) end.current?.parentElement?.scrollTo({ top: end.current.offsetTop });
  }, [items]);
  const last = items.at(-1);
  const isWaiting = isAnswering && last?.kind !== "answer";
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-label="Conversation"
      aria-busy={isAnswering}
      className="relative flex min-h-40 grow flex-col gap-3 overflow-y-auto p-4 text-ui outline-offset-[-2px] max-lg:max-h-[60dvh]"
    >
      {items.length === 0 ? (
        <p className="m-auto max-w-[32ch] text-center text-text-faint">
          Ask something, and see what it answers and what that takes.
        </p>
      ) : null}
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items are only added at the end
        <PreviewItem key={index} item={item} />
      ))}
      {isWaiting ? (
        <p className="flex items-center gap-2 text-text-faint">
          <Spinner /> Waiting for the answer…
        </p>
      ) : null}
      <div ref={end} />
    </div>
  );
}

function Question({ preview }: { preview: State }) {
  const [question, setQuestion] = useState("");
  const calls = preview.isAnswering ? [] : openCalls(preview.items);
  if (calls.length > 0) return <CallResults key={calls[0]?.id} calls={calls} give={preview.answerCalls} />;
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (preview.isAnswering || question.trim() === "") return;
    setQuestion("");
    if (!(await preview.ask(question))) setQuestion(question);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-2 border-t border-line bg-canvas p-3">
      <Textarea
        aria-label="Message to the draft"
        placeholder="Enter sends, Shift and Enter starts a new line."
        rows={2}
        // It comes back after the results of calls were asked for in its place.
        autoFocus={preview.items.length > 0}
        value={question}
        onChange={(event) => setQuestion(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="flex justify-end gap-2">
        {preview.isAnswering ? <Button onClick={preview.stop}>Stop</Button> : <Button type="submit">Send</Button>}
      </div>
    </form>
  );
}
