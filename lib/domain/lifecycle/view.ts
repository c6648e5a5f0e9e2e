import type { Id } from "#db/id.ts";

/** The end of a model as staff decide about it. */
export type ProposedEnd = {
  id: Id<"modelChange">;
  modelId: string;
  retiresAt: Date;
  replacement: string;
  reason: string;
  by: string;
  createdAt: Date;
};

export type AnnouncedEnd = {
  id: Id<"modelChange">;
  modelId: string;
  announcedAt: Date;
  retiresAt: Date;
  retiredAt: Date | null;
  replacement: string;
  reason: string;
};

/** What anyone can know of a model. */
export type PublicModel = { id: string; name: string; description: string; end: AnnouncedEnd | null };

/** What the examples of the documentation ask; null where no model can. */
export type ExampleModels = { chat: string | null; embedding: string | null };

/** How far a model's end has come: until when it has to be served, and for which customer. */
export type EndProgress = AnnouncedEnd & {
  /** Customers it ends for, and those of them who have no notice yet. */
  customers: number;
  unnoticed: number;
  /** The last customer's own date, and whose it is; null: no notice was given yet. */
  lastFloor: { at: Date; name: string } | null;
};

/** What stands at the desk: every model, what was written down about its end, and what was announced. */
export type ModelDesk = {
  models: { id: string; name: string; available: boolean }[];
  proposed: ProposedEnd[];
  announced: EndProgress[];
};

/** What a notice of a model's end says to one customer. */
export type ModelEndFacts = AnnouncedEnd & {
  name: string;
  /** The months of notice this customer has. */
  months: number;
};
