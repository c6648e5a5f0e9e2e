import type { Id } from "#db/id.ts";

/** Where a person is signed in. */
export type SessionView = {
  id: Id<"session">;
  address: string;
  agent: string;
  createdAt: Date;
  seenAt: Date;
  isThis: boolean;
};
