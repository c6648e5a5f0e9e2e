import type { Id } from "#db/id.ts";

/** What a deletion, a count or a promise is about: an organization, or one workspace of it. */
export type Scope = { organizationId: Id<"organization">; workspaceId: Id<"workspace"> | null };

/** How much there is, in items and bytes, and from when. */
export type Measure = { items: number; bytes: number; oldest: Date | null; newest: Date | null };
