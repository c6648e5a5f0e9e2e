import { type FormEvent, type KeyboardEvent, type ReactNode, type RefObject, useState } from "react";
import { AgentAvatar } from "#components/agents/agent-avatar.tsx";
import { Button } from "#components/ui/button.tsx";
import { classes } from "#components/ui/classes.ts";
import { Textarea } from "#components/ui/textarea.tsx";
import { calledAgent } from "#lib/domain/agents/mentions/rules.ts";
import type { AgentColor, NamedAgent } from "#lib/domain/agents/view.ts";
import { draftOf, keepDraft } from "./drafts.ts";
import { type Mentions, useMentions } from "./use-mentions.ts";

/** An agent a person may call. */
export type ChatAgent = NamedAgent & { color: AgentColor };

type Props = {
  field: RefObject<HTMLTextAreaElement | null>;
  /** Whose draft is kept: a conversation's id, or nothing for a new one. */
  conversation: string;
  agents: readonly ChatAgent[];
  isAnswering: boolean;
  onSend: (text: string) => void;
  onStop: () => void;
  /** Beside the buttons: who can help. */
  children?: ReactNode;
};

/** The field to say something in; an `@` offers the agents one may call. */
export function Composer({ field, conversation, agents, isAnswering, onSend, onStop, children }: Props) {
  const [text, setText] = useState(() => draftOf(conversation));
  const change = (next: string) => {
    setText(next);
    keepDraft(conversation, next);
  };
  const mentions = useMentions(field, text, change, agents);
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (isAnswering || text.trim() === "") return;
    change("");
    onSend(text);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (mentions.onKey(event)) return;
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-2">
      <div className="relative">
        <MentionMenu mentions={mentions} />
        <Textarea
          ref={field}
          aria-label="Your message"
          placeholder="Your message. Enter sends, Shift and Enter starts a new line, @ calls an agent."
          rows={3}
          autoFocus
          data-shortcut="filter"
          value={text}
          onChange={({ target }) => {
            change(target.value);
            mentions.track(target);
          }}
          onKeyDown={onKeyDown}
          {...mentions.field}
        />
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {children}
        <Calling text={text} agents={agents} />
        <span className="ml-auto flex gap-2">
          {isAnswering ? <Button onClick={onStop}>Stop</Button> : <SendButton />}
        </span>
      </div>
    </form>
  );
}

const SendButton = () => (
  <Button type="submit" emphasis="primary">
    Send
  </Button>
);

/** Says before it is sent who the text calls. */
function Calling({ text, agents }: { text: string; agents: readonly ChatAgent[] }) {
  const call = calledAgent(text, (handle) => agents.some((agent) => agent.handle === handle));
  const agent = agents.find(({ handle }) => handle === call?.handle);
  return (
    <span role="status" className="text-meta text-text-soft">
      {agent ? `${agent.name} answers this message` : null}
    </span>
  );
}

function MentionMenu({ mentions }: { mentions: Mentions<ChatAgent> }) {
  const { options, active, listId, optionId, choose } = mentions;
  return (
    <>
      <span role="status" className="sr-only">
        {options.length > 0
          ? `${options.length === 1 ? "1 agent" : `${options.length} agents`} to call. Arrows choose, Enter writes the name.`
          : null}
      </span>
      {options.length === 0 ? null : (
        <div
          role="listbox"
          id={listId}
          aria-label="Agents to call"
          className="appear absolute bottom-full left-0 z-10 mb-1 max-h-72 w-80 max-w-full overflow-y-auto rounded-card border border-line bg-surface p-1 shadow-float"
        >
          {options.map((agent, index) => (
            <div
              key={agent.id}
              role="option"
              id={optionId(index)}
              tabIndex={-1}
              aria-selected={index === active}
              // The field keeps the focus.
              onPointerDown={(event) => {
                event.preventDefault();
                choose(agent);
              }}
              className={classes(
                "flex cursor-pointer items-center gap-2 rounded-control px-2 py-1.5 text-ui hover:bg-sunken",
                index === active && "bg-sunken",
              )}
            >
              <AgentAvatar name={agent.name} color={agent.color} size="small" />
              <span className="min-w-0 truncate">{agent.name}</span>
              <span className="ml-auto font-mono text-meta text-text-faint">@{agent.handle}</span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}
