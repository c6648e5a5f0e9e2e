import type { Sealed } from "#db/columns.ts";
import type { Id } from "#db/id.ts";
import type { AgentContent } from "#db/schema/agents.ts";
import { Fault } from "#lib/core/errors.ts";
import { type LastingKey, lastingKey, newLastingKey, openLasting, sealLasting } from "#lib/core/keyring/lasting.ts";

/** What it takes to find an agent's key. */
export type KeyedAgent = { id: Id<"agent">; key: Buffer | null };

/** An agent's key at work: everything that the agent says is sealed under it. */
export type AgentSealer = {
  wrapped: Buffer;
  draft: (content: AgentContent) => Sealed;
  version: (version: number, content: AgentContent) => Sealed;
  openDraft: (sealed: Sealed) => AgentContent;
  openVersion: (version: number, sealed: Sealed) => AgentContent;
};

const sealerOf = (id: Id<"agent">, key: LastingKey): AgentSealer => ({
  wrapped: key.wrapped,
  draft: (content) => sealLasting(key, content, `${id} draft`),
  version: (version, content) => sealLasting(key, content, `${id} version ${version}`),
  openDraft: (sealed) => openLasting(key, sealed, `${id} draft`),
  openVersion: (version, sealed) => openLasting(key, sealed, `${id} version ${version}`),
});

/** For an agent that is made: its key is new. */
export const newAgentSealer = (id: Id<"agent">): Promise<AgentSealer> =>
  newLastingKey(id).then((key) => sealerOf(id, key));

export const agentSealer = ({ id, key }: KeyedAgent): Promise<AgentSealer> =>
  key ? lastingKey(key, id).then((found) => sealerOf(id, found)) : Promise.reject(new Fault("An agent has no key."));

/** An agent with what it says, as it lies in the database: its draft, and the version that answers. */
export type SealedAgent = KeyedAgent & { version: number | null; draft: Sealed | null; content: Sealed | null };

const publishedIn = (sealer: AgentSealer, { version, content }: SealedAgent): AgentContent | null =>
  version === null || !content ? null : sealer.openVersion(version, content);

const draftIn = (sealer: AgentSealer, { draft }: SealedAgent): AgentContent | null => draft && sealer.openDraft(draft);

/** What its builders are working on, or else what is published. */
export const draftFirst = (row: SealedAgent): Promise<AgentContent | null> =>
  agentSealer(row).then((sealer) => draftIn(sealer, row) ?? publishedIn(sealer, row));

/** What answers now, or else what will once it is published. */
export const publishedFirst = (row: SealedAgent): Promise<AgentContent | null> =>
  agentSealer(row).then((sealer) => publishedIn(sealer, row) ?? draftIn(sealer, row));
