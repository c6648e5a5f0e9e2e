import { useEffect, useRef, useState } from "react";
import { eventsOf, openConversation } from "#components/conversations/stream-conversation.ts";
import { KeyEnded } from "#components/playground/stream-chat.ts";
import { usePlaygroundKey } from "#components/playground/use-playground-key.ts";
import { answerProblem } from "#components/ui/unreachable.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";
import { applied, entriesOf, type Item } from "./preview-items.ts";

export type Preview = {
  items: readonly Item[];
  isAnswering: boolean;
  ask: (question: string) => Promise<boolean>;
  /** Gives the results of the calls the model waits for, by the ids of the calls. */
  answerCalls: (results: Readonly<Record<string, string>>) => Promise<boolean>;
  stop: () => void;
  restart: () => void;
};

/** A conversation with the draft. `save` keeps what is in the form first; where it cannot, nothing is asked. */
export function usePreview(agentId: string, save: () => Promise<boolean>, open: Action<PlaygroundKey>): Preview {
  const [items, setItems] = useState<readonly Item[]>([]);
  const [isAnswering, setAnswering] = useState(false);
  const running = useRef<AbortController>(undefined);
  const follow = useFollow(agentId, open);
  useEffect(() => () => running.current?.abort(), []);

  const send = async (said: readonly Item[]): Promise<boolean> => {
    if (isAnswering) return false;
    const abort = new AbortController();
    running.current = abort;
    setAnswering(true);
    const isSaved = await save();
    if (isSaved) {
      setItems(said);
      const end = await follow(said, abort.signal, setItems).then(nothing, endOf(abort.signal));
      // After "Start over" there is nothing left to say it to.
      if (end && running.current === abort) setItems((items) => [...items, end]);
    }
    if (running.current === abort) setAnswering(false);
    return isSaved;
  };

  return {
    items,
    isAnswering,
    ask: (question) => send([...items, { kind: "question", text: question }]),
    answerCalls: (results) =>
      send(items.map((item) => (item.kind === "call" ? { ...item, result: item.result ?? results[item.id] } : item))),
    stop: () => running.current?.abort(),
    restart: () => {
      running.current?.abort();
      running.current = undefined;
      setItems([]);
      setAnswering(false);
    },
  };
}

type Change = (next: (items: readonly Item[]) => readonly Item[]) => void;

/** Asks for the next answer to what was said, and tells each thing that comes of it. */
function useFollow(agentId: string, open: Action<PlaygroundKey>) {
  const secretOf = usePlaygroundKey(open);
  const attempt = async (said: readonly Item[], signal: AbortSignal, change: Change, renew: boolean): Promise<void> => {
    const inputs = entriesOf(said);
    const body = { agent_id: agentId, agent_version: "draft", inputs, stream: true, store: false };
    const response = await openConversation("/v1/conversations", body, await secretOf(renew), signal);
    for await (const event of eventsOf(response)) {
      if (!signal.aborted) change((items) => applied(items, event));
    }
  };
  return (said: readonly Item[], signal: AbortSignal, change: Change): Promise<void> =>
    attempt(said, signal, change, false).catch((error: unknown) => {
      // Another tab has renewed the key.
      if (error instanceof KeyEnded) return attempt(said, signal, change, true);
      throw error;
    });
}

const nothing = (): undefined => undefined;

/** What is said of an answer that did not come to its end. */
const endOf =
  (signal: AbortSignal) =>
  (error: unknown): Item =>
    signal.aborted ? { kind: "stopped" } : { kind: "problem", text: answerProblem(error) };
