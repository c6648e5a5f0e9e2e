import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { answerProblem } from "#components/ui/unreachable.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";
import { type Answer, bodyOf, type Settings, type Turn } from "./conversation.ts";
import { KeyEnded, openChat, piecesOf } from "./stream-chat.ts";
import { usePlaygroundKey } from "./use-playground-key.ts";

type Conversation = {
  turns: readonly Turn[];
  isAnswering: boolean;
  ask: (settings: Settings, question: string) => void;
  /** Sends the last question as it was, once more. */
  retry: (turn: Turn) => void;
  stop: () => void;
  restart: () => void;
};

type Change = (next: (answer: Answer) => Partial<Answer>) => void;

/** Sends a body and tells each thing that comes back. */
async function follow(sent: string, secret: string, signal: AbortSignal, change: Change): Promise<void> {
  const began = performance.now();
  const since = () => Math.round(performance.now() - began);
  const response = await openChat(sent, secret, signal);
  change(() => ({ requestId: response.headers.get("x-request-id") ?? undefined, firstByteMs: since() }));
  for await (const piece of piecesOf(response)) {
    change(({ text, thought, finishReason, usage }) => ({
      text: text + piece.text,
      thought: thought + piece.thought,
      finishReason: piece.finishReason ?? finishReason,
      usage: piece.usage ?? usage,
    }));
  }
  change(() => ({ state: "done", latencyMs: since() }));
}

const begun = (sent: string, model: string): Answer => ({ text: "", thought: "", state: "streaming", sent, model });

/** Questions and streamed answers. */
export function useConversation(open: Action<PlaygroundKey>): Conversation {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const running = useRef<AbortController>(undefined);
  const secretOf = usePlaygroundKey(open);
  useEffect(() => () => running.current?.abort(), []);

  const change = (id: number, next: (answer: Answer) => Partial<Answer>) =>
    setTurns((turns) =>
      turns.map((turn) => (turn.id === id ? { ...turn, answer: { ...turn.answer, ...next(turn.answer) } } : turn)),
    );

  const answering = useMutation({
    mutationFn: async ({ id, sent }: { id: number; sent: string }) => {
      const abort = new AbortController();
      running.current = abort;
      const attempt = async (renew: boolean) =>
        follow(sent, await secretOf(renew), abort.signal, (next) => change(id, next));
      await attempt(false).catch((error: unknown) => {
        if (error instanceof KeyEnded) return attempt(true);
        throw error;
      });
    },
    onError: (error, { id }) => {
      if (error.name === "AbortError") change(id, () => ({ state: "stopped" }));
      else change(id, () => ({ state: "failed", problem: answerProblem(error) }));
    },
  });

  return {
    turns,
    isAnswering: answering.isPending,
    ask: (settings, question) => {
      const id = (turns.at(-1)?.id ?? 0) + 1;
      const sent = bodyOf(settings, turns, question);
      setTurns([...turns, { id, question, answer: begun(sent, settings.model) }]);
      answering.mutate({ id, sent });
    },
    retry: ({ id, answer: { sent, model } }) => {
      setTurns(turns.map((turn) => (turn.id === id ? { ...turn, answer: begun(sent, model) } : turn)));
      answering.mutate({ id, sent });
    },
    stop: () => running.current?.abort(),
    restart: () => {
      running.current?.abort();
      setTurns([]);
    },
  };
}
