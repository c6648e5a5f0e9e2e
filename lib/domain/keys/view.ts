import type { Id } from "#db/id.ts";
import type { KeyState } from "#lib/core/api-keys/lifetime.ts";

/** A key as pages show it; never its secret or its hash. */
export type KeyView = {
  id: Id<"key">;
  name: string;
  /** The workspace's own, not a person's. */
  isService: boolean;
  first4: string;
  last4: string;
  ownerId: Id<"user">;
  ownerName: string;
  scopes: string[];
  models: string[] | null;
  addresses: string[] | null;
  /** For web pages: good only from the origins of the organization. */
  browser: boolean;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  revokedReason: "revoked" | "leaked" | "rotated" | "expired" | "terminated" | null;
  successorId: Id<"key"> | null;
  lastUsedAt: Date | null;
  lastUsedAddress: string | null;
  lastUsedAgent: string | null;
  monthPico: bigint;
  callsToday: number;
  state: KeyState;
};

export type KeyChoice = Pick<KeyView, "id" | "name" | "last4">;

/** What creating, rotating or reporting a key gives back, once. */
export type NewKey = Pick<KeyView, "id" | "name" | "scopes" | "models" | "expiresAt"> & { secret: string };

/** What rotating gives back: until then the old key works as well. */
export type RotatedKey = NewKey & { oldEndsAt: Date };

/** What a page asks models with for an hour. */
export type PlaygroundKey = { secret: string; expiresAt: Date };

export type KeyCaller = { address: string; agent: string; requests: number; lastAt: Date };

export const maskedKey = ({ first4, last4 }: Pick<KeyView, "first4" | "last4">): string => `cpt_${first4}…${last4}`;

/** A key as one of a list to choose from. Keys that follow each other share a name, and differ by their ends. */
export const choiceOf = ({ id, name, last4 }: KeyChoice) => ({ value: id, label: `${name} …${last4}` });

export const isEnded = ({ state }: Pick<KeyView, "state">): boolean => state === "revoked" || state === "expired";

/** What each scope lets a key do. */
export const scopeWords: Record<string, string> = {
  "completions:create": "Ask models for answers",
  "embeddings:create": "Ask models for embeddings",
  "models:read": "List models",
  "agents:use": "Ask agents for answers",
  "agents:write": "Build agents",
  "conversations:use": "Hold conversations",
  "files:read": "Read files",
  "files:write": "Upload and delete files",
  "batch:read": "See batches and read their files",
  "batch:write": "Run and cancel batches",
  "fine-tuning:read": "See fine-tuning jobs and tuned models",
  "fine-tuning:write": "Tune models, and change tuned models",
};
