import type { Id } from "#db/id.ts";
import type { Verdict } from "#lib/engine/port/port.ts";

type Place = { organizationId: Id<"organization">; workspaceId: Id<"workspace"> };
type Pack = { id: string; sealed: Buffer };
type Said = { request: unknown; answer: unknown };

/** Opens one row of the content log: its requests by their ids. */
export type Unseal = (place: Place, pack: Pack) => Promise<Record<string, Said>>;

/** A1: the moderation model that is attached, and how to ask it. */
export type Moderator = { model: string; judge: (texts: string[]) => Promise<Verdict[]> };
