import type { Id } from "#db/id.ts";

/** Who processes personal data for us, as everyone reads it. */
export type Subprocessor = {
  id: Id<"subprocessor">;
  name: string;
  purpose: string;
  location: string;
  data: string;
  url: string;
  announcedAt: Date | null;
  /** From when on at the earliest. */
  plannedAt: Date;
  removedAt: Date | null;
};

/** One that was announced to a customer and is not added for them yet. */
export type PendingSubprocessor = Pick<Subprocessor, "id" | "name" | "purpose" | "location" | "data" | "url"> & {
  noticedAt: Date;
  /** From when on it is one for this customer. */
  startsAt: Date;
};
