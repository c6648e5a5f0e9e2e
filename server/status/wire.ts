import { worstOf } from "#components/status/status-page.tsx";
import type { Impact, SpanState } from "#lib/domain/status/rules.ts";
import type { ComponentView, IncidentView, MaintenanceView, StatusSnapshot } from "#lib/domain/status/view.ts";

/**
 * The field's common shape of a status page (version 2 of Statuspage's public API), which monitors, bots and command lines
 * read. Every answer names the page and when it was made.
 */
export type StatusDocumentName = keyof typeof documents;

const componentStates: Record<SpanState, string> = {
  up: "operational",
  degraded: "degraded_performance",
  down: "major_outage",
  // Their shape has no word for what is not known; nothing is claimed to be broken.
  unknown: "operational",
};

const began = (days: ComponentView["days"]): string => `${days[0]?.day ?? "1970-01-01"}T00:00:00.000Z`;

const pageOf = ({ provider, asOf }: StatusSnapshot, url: string) => ({
  id: "comptoir",
  name: provider,
  url,
  time_zone: "Etc/UTC",
  updated_at: asOf,
});

function componentOf({ id, name, state, days }: ComponentView, position: number, snapshot: StatusSnapshot) {
  const isPlanned = snapshot.maintenances.some((one) => isActive(one, snapshot.asOf) && one.components.includes(id));
  return {
    id,
    name,
    status: isPlanned ? "under_maintenance" : componentStates[state ?? "unknown"],
    created_at: began(days),
    updated_at: snapshot.asOf,
    position: position + 1,
    description: null,
    showcase: true,
    start_date: null,
    group_id: null,
    page_id: "comptoir",
    group: false,
    only_show_if_degraded: false,
  };
}

const componentsOf = (snapshot: StatusSnapshot) =>
  snapshot.components.map((component, position) => componentOf(component, position, snapshot));

function updatesOf(id: string, updates: readonly { number: number; status: string; words: string; at: string }[]) {
  return updates.map(({ number, status, words, at }) => ({
    id: `${id}_${number}`,
    status,
    body: words,
    incident_id: id,
    created_at: at,
    updated_at: at,
    display_at: at,
    affected_components: null,
    deliver_notifications: true,
    custom_tweet: null,
    tweet_id: null,
  }));
}

function incidentOf(
  { id, title, impact, startedAt, resolvedAt, components, updates }: IncidentView,
  snapshot: StatusSnapshot,
) {
  const [last] = updates;
  return {
    id,
    name: title,
    status: last?.state ?? "investigating",
    created_at: startedAt,
    updated_at: last?.at ?? startedAt,
    monitoring_at: updates.find(({ state }) => state === "monitoring")?.at ?? null,
    resolved_at: resolvedAt,
    impact,
    shortlink: null,
    started_at: startedAt,
    page_id: "comptoir",
    incident_updates: updatesOf(
      id,
      updates.map(({ state, ...rest }) => ({ ...rest, status: state })),
    ),
    components: componentsOf(snapshot).filter((component) => components.includes(component.id)),
  };
}

const isActive = ({ startsAt, endsAt, cancelledAt }: MaintenanceView, asOf: string): boolean =>
  cancelledAt === null && startsAt <= asOf && asOf < endsAt;
const isUpcoming = ({ startsAt, cancelledAt }: MaintenanceView, asOf: string): boolean =>
  cancelledAt === null && asOf < startsAt;

function maintenanceOf(maintenance: MaintenanceView, snapshot: StatusSnapshot) {
  const { id, title, words, components, startsAt, endsAt, createdAt, cancelledAt } = maintenance;
  const { asOf } = snapshot;
  const isOver = cancelledAt !== null || endsAt <= asOf;
  const status = isOver ? "completed" : isActive(maintenance, asOf) ? "in_progress" : "scheduled";
  return {
    id,
    name: title,
    status,
    created_at: createdAt,
    updated_at: cancelledAt ?? createdAt,
    monitoring_at: null,
    resolved_at: isOver ? (cancelledAt ?? endsAt) : null,
    impact: "maintenance",
    shortlink: null,
    started_at: startsAt,
    page_id: "comptoir",
    scheduled_for: startsAt,
    scheduled_until: endsAt,
    incident_updates: updatesOf(id, [{ number: 1, status, words, at: createdAt }]),
    components: componentsOf(snapshot).filter((component) => components.includes(component.id)),
  };
}

const ranks: readonly Impact[] = ["none", "minor", "major", "critical"];
const indicators: Record<SpanState, Impact> = { up: "none", degraded: "minor", down: "major", unknown: "none" };
const descriptions: Record<Impact, string> = {
  none: "Everything works",
  minor: "Some things have difficulties",
  major: "Some things do not answer",
  critical: "The service does not answer",
};

function statusOf({ components, incidents }: StatusSnapshot) {
  const open = incidents.filter(({ resolvedAt }) => resolvedAt === null).map(({ impact }) => impact);
  const indicator = [indicators[worstOf(components)], ...open].toSorted(
    (a, b) => ranks.indexOf(b) - ranks.indexOf(a),
  )[0] as Impact;
  return { indicator, description: descriptions[indicator] };
}

const incidentsOf = (snapshot: StatusSnapshot, isWanted: (incident: IncidentView) => boolean) =>
  snapshot.incidents.filter(isWanted).map((incident) => incidentOf(incident, snapshot));
const maintenancesOf = (snapshot: StatusSnapshot, isWanted: (one: MaintenanceView) => boolean) =>
  snapshot.maintenances.filter(isWanted).map((one) => maintenanceOf(one, snapshot));
const isOpen = ({ resolvedAt }: IncidentView) => resolvedAt === null;

/** The documents by their names in the address. */
export const documents = {
  summary: (snapshot: StatusSnapshot) => ({
    components: componentsOf(snapshot),
    incidents: incidentsOf(snapshot, isOpen),
    scheduled_maintenances: maintenancesOf(
      snapshot,
      (one) => isUpcoming(one, snapshot.asOf) || isActive(one, snapshot.asOf),
    ),
    status: statusOf(snapshot),
  }),
  status: (snapshot: StatusSnapshot) => ({ status: statusOf(snapshot) }),
  components: (snapshot: StatusSnapshot) => ({ components: componentsOf(snapshot) }),
  incidents: (snapshot: StatusSnapshot) => ({ incidents: incidentsOf(snapshot, () => true) }),
  "incidents/unresolved": (snapshot: StatusSnapshot) => ({ incidents: incidentsOf(snapshot, isOpen) }),
  "scheduled-maintenances": (snapshot: StatusSnapshot) => ({
    scheduled_maintenances: maintenancesOf(snapshot, () => true),
  }),
  "scheduled-maintenances/upcoming": (snapshot: StatusSnapshot) => ({
    scheduled_maintenances: maintenancesOf(snapshot, (one) => isUpcoming(one, snapshot.asOf)),
  }),
  "scheduled-maintenances/active": (snapshot: StatusSnapshot) => ({
    scheduled_maintenances: maintenancesOf(snapshot, (one) => isActive(one, snapshot.asOf)),
  }),
} as const;

export const documentNames = Object.keys(documents) as StatusDocumentName[];

export const documentOf = (name: StatusDocumentName, snapshot: StatusSnapshot, url: string): string =>
  JSON.stringify({ page: pageOf(snapshot, url), ...documents[name](snapshot) });
