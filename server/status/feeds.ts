import { type CalendarEntry, calendarText } from "#lib/core/calendar.ts";
import type { IncidentView, MaintenanceView, StatusSnapshot } from "#lib/domain/status/view.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no place for them
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** As many as readers are known to take. */
const entriesMost = 50;

const updatedAt = ({ updates, startedAt }: IncidentView): string => updates[0]?.at ?? startedAt;
const latest = ({ incidents }: StatusSnapshot): IncidentView[] => incidents.slice(0, entriesMost);
const wordsOf = ({ updates }: IncidentView): string =>
  updates.map(({ state, words, at }) => `${at} ${state}: ${words}`).join("\n");

export function atom(snapshot: StatusSnapshot, url: string): string {
  const entries = latest(snapshot).map(
    (incident) => `<entry><id>${url}#${incident.id}</id><title>${escaped(incident.title)}</title>
<link href="${escaped(url)}"/><published>${incident.startedAt}</published><updated>${updatedAt(incident)}</updated>
<content type="text">${escaped(wordsOf(incident))}</content></entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>${escaped(url)}</id><title>Status of ${escaped(snapshot.provider)}</title>
<link href="${escaped(url)}"/><link rel="self" href="${escaped(url)}/history.atom"/><updated>${snapshot.asOf}</updated>
<author><name>${escaped(snapshot.provider)}</name></author>
${entries.join("\n")}</feed>`;
}

export function rss(snapshot: StatusSnapshot, url: string): string {
  const items = latest(snapshot).map(
    (incident) => `<item><guid isPermaLink="false">${incident.id}</guid><title>${escaped(incident.title)}</title>
<link>${escaped(url)}</link><pubDate>${new Date(incident.startedAt).toUTCString()}</pubDate>
<description>${escaped(wordsOf(incident))}</description></item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Status of ${escaped(snapshot.provider)}</title><link>${escaped(url)}</link>
<description>What went wrong, and what was done about it</description>
${items.join("\n")}</channel></rss>`;
}

const entryOf = ({ id, title, words, startsAt, endsAt, createdAt, cancelledAt }: MaintenanceView): CalendarEntry => ({
  uid: `${id}@comptoir`,
  at: new Date(startsAt),
  until: new Date(endsAt),
  summary: title,
  description: words,
  sequence: cancelledAt ? 1 : 0,
  changedAt: new Date(cancelledAt ?? createdAt),
  isCancelled: cancelledAt !== null,
});

/** Planned work as a calendar to subscribe to. */
export const calendar = ({ provider, maintenances }: StatusSnapshot): string =>
  calendarText({ provider, name: `Planned work of ${provider}` }, maintenances.map(entryOf));
