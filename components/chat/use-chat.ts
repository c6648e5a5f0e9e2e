import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { KeyEnded } from "#components/playground/stream-chat.ts";
import { type PlaygroundKey, usePlaygroundKey } from "#components/playground/use-playground-key.ts";
import type { Action } from "#lib/action.ts";
import { applied, type ChatItem } from "./chat-items.ts";
import { moveDraft } from "./drafts.ts";
import { eventsOf, openConversation } from "./stream-conversation.ts";

/** Something asked of the API: where, what, and what of the conversation stands before it. */
export type Asked = {
  path: string;
  body: Readonly<Record<string, unknown>>;
  /** How many items stay in sight before it. */
  shown: number;
  question: string | null;
  /** Given to functions with it, by their calls. */
  results?: Readonly<Record<string, string>>;
};

/** An answer on its way, or one that did not arrive. */
export type Pending = {
  asked: Asked;
  items: readonly ChatItem[];
  state: "streaming" | "done" | "stopped" | "failed";
  problem?: string;
};

export type Chatting = {
  /** What is in sight before what is pending. */
  items: readonly ChatItem[];
  pending: Pending | null;
  isAnswering: boolean;
  send: (asked: Asked) => void;
  stop: () => void;
};

type Options = {
  base: string;
  /** The conversation in sight and how many entries it has; null before there is one. */
  conversation: { id: string; count: number } | null;
  items: readonly ChatItem[];
  open: Action<PlaygroundKey>;
};

/** Asks, follows the answer, and goes where it was kept. */
export function useChat({ base, conversation, items, open }: Options): Chatting {
  const [pending, setPending] = useState<Pending | null>(null);
  const [seen, setSeen] = useState(items);
  const running = useRef<AbortController>(undefined);
  const secretOf = usePlaygroundKey(open);
  const router = useRouter();
  useEffect(() => () => running.current?.abort(), []);
  if (seen !== items) {
    setSeen(items);
    // What was pending has arrived with them.
    if (pending?.state === "done") setPending(null);
  }

  const change = (next: (pending: Pending) => Partial<Pending>) =>
    setPending((pending) => pending && { ...pending, ...next(pending) });

  const arrive = (id: string) => {
    change(() => ({ state: "done" }));
    if (id === conversation?.id) return router.refresh();
    moveDraft(conversation?.id ?? "", id);
    router.push(`${base}/${id}`);
  };

  const run = async (asked: Asked) => {
    const abort = new AbortController();
    running.current = abort;
    setPending({ asked, items: [], state: "streaming" });
    const target: Target = { id: undefined };
    const attempt = async (renew: boolean) =>
      follow(asked, await secretOf(renew), abort.signal, target, (next) =>
        change(({ items }) => ({ items: next(items) })),
      );
    try {
      await attempt(false).catch((error: unknown) => {
        if (error instanceof KeyEnded) return attempt(true);
        throw error;
      });
      if (target.id) arrive(target.id);
    } catch (error) {
      if (!abort.signal.aborted) change(() => ({ state: "failed", problem: wordsOf(error) }));
      else if (running.current === abort) await stopped(target.id);
    }
  };

  /** What was said until somebody stopped it is kept a moment later, or nothing was. */
  const stopped = async (id: string | undefined) => {
    const more = id === conversation?.id ? (conversation?.count ?? 0) : 0;
    const waiting = new AbortController();
    running.current = waiting;
    if (id && (await isKept(id, more, await secretOf(false), waiting.signal))) arrive(id);
    else if (!waiting.signal.aborted) change(() => ({ state: "stopped" }));
  };

  return {
    items: pending ? within(items, pending.asked) : items,
    pending,
    isAnswering: pending?.state === "streaming",
    send: (asked) => {
      if (pending?.state !== "streaming") void run(asked);
    },
    stop: () => running.current?.abort(),
  };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : "The answer broke off.");

const within = (items: readonly ChatItem[], { shown, results = {} }: Asked): ChatItem[] =>
  items.slice(0, shown).map((item) => {
    const result = item.kind === "call" ? results[item.toolCallId] : undefined;
    return item.kind === "call" && result !== undefined ? { ...item, result } : item;
  });

/** Where an answer is kept, as soon as that is known. */
type Target = { id: string | undefined };

async function follow(
  { path, body }: Asked,
  secret: string,
  signal: AbortSignal,
  target: Target,
  change: (next: (items: readonly ChatItem[]) => ChatItem[]) => void,
): Promise<void> {
  const response = await openConversation(path, { ...body, stream: true }, secret, signal);
  const requestId = response.headers.get("x-request-id");
  for await (const event of eventsOf(response)) {
    if (event.type === "conversation.response.started") target.id = event.conversation_id;
    else change((items) => applied(items, event, requestId));
  }
}

const tries = 10;
const pauseMs = 300;

/** Whether a conversation has come to be kept with more entries than it had. */
async function isKept(id: string, count: number, secret: string, signal: AbortSignal): Promise<boolean> {
  const path = `/v1/conversations/${id}/history`;
  for (let tried = 0; tried < tries && !signal.aborted; tried++) {
    const entries = await openConversation(path, undefined, secret, signal, { method: "GET" })
      .then(async (response) => ((await response.json()) as { entries: unknown[] }).entries.length)
      .catch(() => 0);
    if (entries > count) return true;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return false;
}
