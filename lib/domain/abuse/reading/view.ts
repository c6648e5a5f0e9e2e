import type { Id } from "#db/id.ts";

/** A request as it was asked and answered. */
export type OpenedRequest = { id: Id<"request">; request: unknown; answer: unknown };

type Named = { organizationId: Id<"organization">; requestIds: readonly Id<"request">[] };

/**
 * What opens sealed content, and all the reading of it: which requests, and nothing else, crosses this line. It tells of
 * those that are still kept, and refuses every scope under zero retention.
 */
export type Opener = (named: Named) => Promise<OpenedRequest[]>;

/** What the person who opened an item reads. */
export type ReadItem = { requests: OpenedRequest[]; until: Date };
