import { useEffect, useRef, useState } from "react";
import { eventsOf, openConversation } from "#components/chat/stream-conversation.ts";
import { KeyEnded } from "#components/playground/stream-chat.ts";
import { type PlaygroundKey, usePlaygroundKey } from "#components/playground/use-playground-key.ts";
import type { Action } from "#lib/action.ts";
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
  const secretOf = usePlaygroundKey(open);
  useEffect(() => () => running.current?.abort(), []);

  const follow = async (said: readonly Item[], signal: AbortSignal, renew: boolean) => {
    const inputs = entriesOf(said);
    const body = { agent_id: agentId, agent_version: "draft", inputs, stream: true, store: false };
    const response = await openConversation("/v1/conversations", body, await secretOf(renew), signal);
    for await (const event of eventsOf(response)) {
      if (!signal.aborted) setItems((items) => applied(items, event));
    }
  };

  /** Asks again with a new key where another tab has renewed the old one. */
  const followAnyhow = (said: readonly Item[], signal: AbortSignal): Promise<void> =>
    follow(said, signal, false).catch((error: unknown) => {
      if (error instanceof KeyEnded) return follow(said, signal, true);
      throw error;
    });

  const send = async (said: readonly Item[]): Promise<boolean> => {
    if (isAnswering) return false;
    const abort = new AbortController();
    running.current = abort;
    setAnswering(true);
    const isSaved = await save();
    if (isSaved) {
      setItems(said);
      const end = await followAnyhow(said, abort.signal).then(nothing, endOf(abort.signal));
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

const nothing = (): undefined => undefined;

/** What is said of an answer that did not come to its end. */
const endOf =
  (signal: AbortSignal) =>
  (error: unknown): Item =>
    signal.aborted
      ? { kind: "stopped" }
      : { kind: "problem", text: error instanceof Error ? error.message : "The answer broke off." };
