import type { NamedAgent } from "#lib/domain/agents/view.ts";
/** An `@` a person is writing after: where it stands, and what was written of the name by now. */
export type MentionQuery = { start: number; query: string };

// As far back as a name and its sign reach.
const reach = 40;

/** What is being written at the caret, when it could become a call of an agent. */
export function mentionBeing(text: string, caret: number): MentionQuery | null {
  const before = text.slice(Math.max(0, caret - reach), caret);
  const match = /(?:^|[^\p{L}\p{N}\p{M}_@＠/\\])[@＠]([\p{L}\p{N}-]{0,32})$/u.exec(before);
  if (!match) return null;
  const query = match[1] ?? "";
  return { start: caret - query.length - 1, query: query.normalize("NFKC").toLowerCase() };
}

type Named = Pick<NamedAgent, "name" | "handle">;

/** The agents a query may mean: those whose handle begins so, then those with it anywhere in handle or name. */
export function meant<A extends Named>(agents: readonly A[], query: string): A[] {
  const begins = agents.filter(({ handle }) => handle.startsWith(query));
  const others = agents.filter((agent) => !begins.includes(agent) && contains(agent, query));
  return [...begins, ...others];
}

const contains = ({ name, handle }: Named, query: string): boolean =>
  handle.includes(query) || name.toLowerCase().includes(query);

/** The text with the agent's handle in place of what was written of it, and where the caret goes. */
export function mentioned(
  text: string,
  { start, query }: MentionQuery,
  handle: string,
): { text: string; caret: number } {
  const rest = text.slice(start + 1 + query.length);
  const call = `@${handle}${/^\s/.test(rest) ? "" : " "}`;
  return { text: text.slice(0, start) + call + rest, caret: start + handle.length + 2 };
}
