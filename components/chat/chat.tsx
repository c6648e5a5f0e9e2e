"use client";

import { RotateCcw } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { CallResults } from "#components/agents/call-results.tsx";
import { Button } from "#components/ui/button.tsx";
import { Combobox } from "#components/ui/combobox.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Queries } from "#components/ui/queries.tsx";
import type { Option } from "#components/ui/select.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import type { Action } from "#lib/core/action-result.ts";
import type { PlaygroundKey } from "#lib/domain/keys/view.ts";
import { ChatItemView } from "./chat-item-view.tsx";
import { type ChatItem, openCalls, type Question } from "./chat-items.ts";
import { givingResults, goingOn, type PartnerValue, regenerating, rewording, starting } from "./chat-requests.ts";
import { type ChatAgent, Composer } from "./composer.tsx";
import type { AgentNames } from "./maker-words.ts";
import { QuestionView } from "./question-view.tsx";
import { type Asked, type Chatting, type Pending, useChat } from "./use-chat.ts";

type Props = {
  /** Address of the chat, which conversations are under. */
  base: string;
  /** Null before there is one. */
  conversation: { id: string; count: number; partner: PartnerValue } | null;
  items: readonly ChatItem[];
  /** Who a new conversation can be with. */
  partners: readonly Option[];
  /** With which partner it begins. */
  partner: PartnerValue;
  /** The agents an `@` calls. */
  agents: readonly ChatAgent[];
  names: AgentNames;
  logsHref: string | undefined;
  /** Instead of the field, where the conversation cannot go on: why. */
  closed?: ReactNode;
  /** Under which retention it is kept. */
  foot: ReactNode;
  open: Action<PlaygroundKey>;
};

/** A conversation, from the browser with a key of the person's, as any program would hold it. */
export function Chat(props: Props) {
  return (
    <Queries>
      <Room {...props} />
    </Queries>
  );
}

function Room(props: Props) {
  const { base, conversation, items, agents, closed, foot, open } = props;
  const [partner, setPartner] = useState(props.partner);
  const chat = useChat({ base, conversation, items, open });
  const field = useRef<HTMLTextAreaElement>(null);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The field stays in sight while the answer above it grows.
    if (chat.pending || items.length > 0) end.current?.scrollIntoView({ block: "nearest" });
  }, [chat.pending, items.length]);
  const say = (text: string) =>
    chat.send(conversation ? goingOn(conversation.id, items, text) : starting(partner, text));
  return (
    <section aria-label="Conversation" className="flex min-w-0 flex-col gap-5">
      {items.length === 0 && !chat.pending ? (
        <Beginning />
      ) : (
        <Said {...props} chat={chat} focus={() => field.current?.focus()} />
      )}
      {closed ?? (
        <Composer
          field={field}
          conversation={conversation?.id ?? ""}
          agents={agents}
          isAnswering={chat.isAnswering}
          onSend={say}
          onStop={() => {
            chat.stop();
            field.current?.focus();
          }}
        >
          {conversation || chat.pending ? null : (
            <div className="w-64 max-w-full">
              <Combobox
                name="partner"
                label="Who answers"
                options={props.partners}
                value={partner}
                onChange={(chosen) => setPartner(chosen as PartnerValue)}
              />
            </div>
          )}
        </Composer>
      )}
      <div className="text-meta text-text-faint">{foot}</div>
      <div ref={end} className="scroll-mb-4" />
    </section>
  );
}

const Beginning = () => (
  <p className="rounded-card border border-dashed border-line px-6 py-12 text-center text-ui text-text-soft">
    Ask something. Type @ to call an agent for one message, or choose below who answers the whole conversation.
  </p>
);

type SaidProps = Props & { chat: Chatting; focus: () => void };

/** Everything said, and what can be done about it. */
function Said(props: SaidProps) {
  const { conversation, closed, names, logsHref, chat, focus } = props;
  const { items, pending, isAnswering } = chat;
  const isFree = conversation !== null && pending === null && !closed;
  const send = (asked: Asked) => {
    chat.send(asked);
    focus();
  };
  return (
    <>
      <ol className="flex flex-col gap-6" aria-live="polite" aria-busy={isAnswering}>
        {items.map((item) => (
          <li key={item.id}>
            {item.kind === "question" ? (
              <QuestionView
                text={item.text}
                reword={isFree ? (text) => send(rewording(conversation, items, item, text)) : undefined}
              />
            ) : (
              <ChatItemView
                item={item}
                names={names}
                logsHref={logsHref}
                actions={isFree && item === items.at(-1) ? <Again {...{ conversation, items, send }} /> : null}
              />
            )}
          </li>
        ))}
        {pending ? <PendingView pending={pending} names={names} logsHref={logsHref} chat={chat} /> : null}
      </ol>
      {isFree ? <Calls {...{ conversation, items, send }} /> : null}
    </>
  );
}

type FreeProps = { conversation: { id: string }; items: readonly ChatItem[]; send: (asked: Asked) => void };

/** Asks for the last answer once more. */
function Again({ conversation, items, send }: FreeProps) {
  const question = items.findLast((item): item is Question => item.kind === "question");
  if (!question || items.at(-1)?.kind !== "answer") return null;
  return (
    <IconButton
      label="Answer again, as a branch"
      size="small"
      onClick={() => send(regenerating(conversation.id, items, question))}
    >
      <RotateCcw aria-hidden="true" />
    </IconButton>
  );
}

/** Fields for what the functions gave back that the model waits for. */
function Calls({ conversation, items, send }: FreeProps) {
  const calls = openCalls(items);
  if (calls.length === 0) return null;
  return (
    <div className="overflow-clip rounded-card border border-line">
      <CallResults
        calls={calls}
        give={async (results) => {
          send(givingResults(conversation.id, items, calls, results));
          return true;
        }}
      />
    </div>
  );
}

type PendingProps = Pick<Props, "names" | "logsHref"> & { pending: Pending; chat: Chatting };

/** A question that was just sent, and its answer as it comes, or why it did not. */
function PendingView({ pending, names, logsHref, chat }: PendingProps) {
  const { asked, items, state, problem } = pending;
  return (
    <>
      {asked.question === null ? null : (
        <li>
          <QuestionView text={asked.question} />
        </li>
      )}
      {items.map((item) => (
        <li key={item.id}>
          {item.kind === "question" ? null : <ChatItemView item={item} names={names} logsHref={logsHref} />}
        </li>
      ))}
      {state === "streaming" && items.length === 0 ? (
        <li className="flex items-center gap-2 text-text-faint">
          <Spinner /> Waiting for the first token…
        </li>
      ) : null}
      {state === "failed" || state === "stopped" ? (
        <li>
          <Notice
            tone={state === "failed" ? "bad" : "neutral"}
            action={<Button onClick={() => chat.send(asked)}>Try again</Button>}
          >
            {problem ?? "Stopped before anything was said. Nothing of it was kept."}
          </Notice>
        </li>
      ) : null}
    </>
  );
}
