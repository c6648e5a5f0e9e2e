import { type KeyboardEvent, type RefObject, type SyntheticEvent, useEffect, useId, useRef, useState } from "react";
import type { NamedAgent } from "#lib/domain/agents/view.ts";
import { type MentionQuery, meant, mentionBeing, mentioned } from "./mention-query.ts";

export type Mentions<A> = {
  /** The agents to choose from; none while no name is being written. */
  options: readonly A[];
  active: number;
  listId: string;
  optionId: (index: number) => string;
  choose: (agent: A) => void;
  /** For the field: what tells it of the menu, and the menu of it. */
  field: {
    onKeyUp: (event: SyntheticEvent<HTMLTextAreaElement>) => void;
    onClick: (event: SyntheticEvent<HTMLTextAreaElement>) => void;
    onBlur: () => void;
    "aria-autocomplete": "list";
    "aria-haspopup": "listbox";
    "aria-controls"?: string;
    "aria-activedescendant"?: string;
  };
  /** Sees where the caret is; `onSelect` does not come for a field that had the focus before the page was ready. */
  track: (field: HTMLTextAreaElement) => void;
  /** Whether the menu took the key. */
  onKey: (event: KeyboardEvent) => boolean;
};

const most = 8;
const nowhere = -1;

/** The menu of agents that opens while an `@` name is being written (T-4.3-TAG). */
export function useMentions<A extends NamedAgent>(
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
  setText: (text: string) => void,
  agents: readonly A[],
): Mentions<A> {
  const [caret, setCaret] = useState(nowhere);
  const [chosen, setChosen] = useState(0);
  const [closedAt, setClosedAt] = useState(nowhere);
  const listId = useId();
  const moveCaret = useCaretMove(field);

  const being: MentionQuery | null = caret === nowhere ? null : mentionBeing(text, caret);
  const isOpen = being !== null && being.start !== closedAt;
  const options = isOpen ? meant(agents, being.query).slice(0, most) : [];
  const active = Math.min(chosen, options.length - 1);

  const choose = (agent: A) => {
    if (!being) return;
    const next = mentioned(text, being, agent.handle);
    moveCaret(next.caret);
    setText(next.text);
    setCaret(nowhere);
    setChosen(0);
    field.current?.focus();
  };
  const step = (by: number) => setChosen((active + by + options.length) % options.length);
  const keys: Record<string, () => void> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => options[active] && choose(options[active]),
    Tab: () => options[active] && choose(options[active]),
    Escape: () => setClosedAt(being?.start ?? nowhere),
  };
  const track = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement) => {
    setCaret(selectionStart === selectionEnd ? selectionStart : nowhere);
    if (!mentionBeing(value, selectionStart)) setClosedAt(nowhere);
  };
  const optionId = (index: number) => `${listId}-${index}`;
  const shown = options.length > 0 ? { "aria-controls": listId, "aria-activedescendant": optionId(active) } : undefined;
  const look = (event: SyntheticEvent<HTMLTextAreaElement>) => track(event.currentTarget);
  return {
    options,
    active,
    listId,
    optionId,
    choose,
    track,
    field: { ...onField, ...shown, onKeyUp: look, onClick: look, onBlur: () => setCaret(nowhere) },
    onKey: (event) => shown !== undefined && took(event, keys[event.key]),
  };
}

const onField = { "aria-autocomplete": "list", "aria-haspopup": "listbox" } as const;

/** Moves the caret once the text it belongs to is there. */
function useCaretMove(field: RefObject<HTMLTextAreaElement | null>): (to: number) => void {
  const wanted = useRef(nowhere);
  useEffect(() => {
    if (wanted.current === nowhere) return;
    field.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = nowhere;
  });
  return (to) => {
    wanted.current = to;
  };
}

/** Does what a key means to the menu instead of what it means to the field. */
function took(event: KeyboardEvent, act: (() => void) | undefined): boolean {
  if (!act || event.shiftKey || event.nativeEvent.isComposing) return false;
  event.preventDefault();
  event.stopPropagation();
  act();
  return true;
}
