import type { Id } from "#db/id.ts";

/** `powerless`: the person who made it is no admin any more, so it may do nothing until they are again. */
export type AdminKeyView = {
  id: Id<"adminKey">;
  name: string;
  access: "read" | "write";
  first4: string;
  last4: string;
  maker: string;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
  state: "active" | "powerless" | "ended";
};

/** What creating one gives back, once. */
export type NewAdminKey = { id: Id<"adminKey">; name: string; secret: string };
