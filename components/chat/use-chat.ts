import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { eventsOf, openConversation } from "#components/conversations/stream-conversation.ts";
import { KeyEnded } from "#components/playground/stream-chat.ts";
import { usePlaygroundKey } from "#components/playground/use-playground-key.ts";
import { answerProblem } from "#components/ui/unreachable.ts";
import type { Action } from "#lib/core/action-result.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";
import { applied, type ChatItem } from "./chat-items.ts";
import { moveDraft } from "./drafts.ts";

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

type Change = (next: (pending: Pending) => Partial<Pending>) => void;

/** Asks, follows the answer, and goes where it was kept. */
export function useChat({ base, conversation, items, open }: Options): Chatting {
  const [pending, setPending] = useState<Pending | null>(null);
  const [seen, setSeen] = useState(items);
  const running = useRef<AbortController>(undefined);
  const secretOf = usePlaygroundKey(open);
  const router = useRouter();
  useEffect(() => () => leave(running), []);
  if (seen !== items) {
    setSeen(items);
    // What was pending has arrived with them.
    if (pending?.state === "done") setPending(null);
  }
  const change: Change = (next) => setPending((pending) => pending && { ...pending, ...next(pending) });

  const arrive = (id: string) => {
    if (id === conversation?.id) return router.refresh();
    moveDraft(conversation?.id ?? "", id);
    router.push(`${base}/${id}`);
  };

  const run = async (asked: Asked) => {
    setPending({ asked, items: [], state: "streaming" });
    const count = asked.path.endsWith(`/${conversation?.id}`) ? (conversation?.count ?? 0) : 0;
    const end = await endOf(asked, { running, secretOf, change, count });
    // A person who has gone elsewhere meanwhile is not called back.
    if (!end) return;
    change(() => ("id" in end ? { state: "done" } : end));
    if ("id" in end) arrive(end.id);
  };

  // Until what was answered is in sight as it is kept, nothing can follow it.
  const isAnswering = pending?.state === "streaming" || pending?.state === "done";
  return {
    items: pending ? within(items, pending.asked) : items,
    pending,
    isAnswering,
    send: (asked) => {
      if (!isAnswering) void run(asked);
    },
    stop: () => running.current?.abort(),
  };
}

type Running = { current: AbortController | undefined };

function leave(running: Running): void {
  const last = running.current;
  running.current = undefined;
  last?.abort();
}

type Following = {
  running: Running;
  secretOf: (renew: boolean) => Promise<string>;
  change: Change;
  /** How many entries the conversation had that it goes on with. */
  count: number;
};

type End = { id: string } | { state: "stopped" } | { state: "failed"; problem: string };

/** What became of an answer: kept, and where; stopped before there was anything; failed. Null once no one waits for it. */
async function endOf(asked: Asked, { running, secretOf, change, count }: Following): Promise<End | null> {
  const abort = new AbortController();
  running.current = abort;
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
  } catch (error) {
    if (running.current !== abort) return null;
    if (!abort.signal.aborted) return { state: "failed", problem: answerProblem(error) };
    // What was said until then is kept a moment later, or nothing was.
    const waiting = new AbortController();
    running.current = waiting;
    const wasKept = target.id && (await isKept(target.id, count, await secretOf(false), waiting.signal));
    if (running.current !== waiting) return null;
    if (!wasKept) return { state: "stopped" };
  }
  return target.id ? { id: target.id } : { state: "stopped" };
}

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
