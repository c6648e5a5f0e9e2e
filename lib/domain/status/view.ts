import type { Id } from "#db/id.ts";
import type { Impact, IncidentState, SampleState, SpanState, Sums } from "./rules.ts";

/** A part of the service that is looked at by itself. */
export type Component = { id: string; name: string };

export type ComponentView = Component & {
  /** Null: it was not looked at lately. */
  state: SpanState | null;
  /** Ninety days, the oldest first; the last one is today. */
  days: readonly (Sums & { day: string })[];
};

export type IncidentUpdate = { number: number; state: IncidentState; words: string; at: string };
export type IncidentView = {
  id: Id<"incident">;
  title: string;
  impact: Impact;
  components: readonly string[];
  startedAt: string;
  resolvedAt: string | null;
  /** The last one first. */
  updates: readonly IncidentUpdate[];
};

export type MaintenanceView = {
  id: Id<"maintenance">;
  title: string;
  words: string;
  components: readonly string[];
  startsAt: string;
  endsAt: string;
  toldAt: string | null;
  cancelledAt: string | null;
  createdAt: string;
};

/** Everything the status page says, as it is kept in a file too. Instants are texts. */
export type StatusSnapshot = {
  asOf: string;
  provider: string;
  components: readonly ComponentView[];
  incidents: readonly IncidentView[];
  maintenances: readonly MaintenanceView[];
};

export type Found = { component: string; at: Date; state: SampleState; ms: number };

/** What staff see of the status page: newest first, and the ids of what can be written about. */
export type StatusDesk = {
  incidents: readonly IncidentView[];
  maintenances: readonly MaintenanceView[];
  components: readonly string[];
};
