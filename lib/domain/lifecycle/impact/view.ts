import type { Id } from "#db/id.ts";

export const impactKinds = ["key", "agent", "tuned-model", "allow-list", "limit"] as const;
export type ImpactKind = (typeof impactKinds)[number];

/** Something of a customer's that a model's end concerns, and what to change about it. */
export type ImpactRow = {
  kind: ImpactKind;
  /** Of the key, agent, tuned model or limit. */
  id: string;
  name: string;
  workspaceId: Id<"workspace"> | null;
  /** The name that was sent, or that is written there. */
  sentName: string;
  /** In the last 30 days; of what only names the model, none. */
  requests: number;
  lastAt: Date | null;
  owner: string | null;
  /** Of a tuned model: what it was trained on, where that is still there. */
  trainedOn?: string | undefined;
  change: string;
};

export type Impact = {
  modelId: string;
  replacement: string;
  announcedAt: Date;
  /** When it ends for this customer; null: they have no notice yet. */
  retiresAt: Date | null;
  /** Until when uses were counted; null: not yet. */
  countedAt: Date | null;
  rows: ImpactRow[];
};
