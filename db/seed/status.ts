import { newId } from "#db/id.ts";
import { type incidentStates, incidents, incidentUpdates, maintenances, statusDays } from "#db/schema/status.ts";
import { daysBefore, type World } from "./world.ts";

const [minuteMs, dayMs] = [60_000, 86_400_000];
const shownDays = 90;

type Said = { state: (typeof incidentStates)[number]; minutes: number; words: string };
type Past = {
  daysAgo: number;
  component: string;
  title: string;
  impact: "minor" | "major";
  kind: "downMs" | "degradedMs";
  /** The last one ends it. */
  said: readonly Said[];
};

const pasts: readonly Past[] = [
  {
    daysAgo: 41,
    component: "api",
    title: "Requests were refused with 503",
    impact: "major",
    kind: "downMs",
    said: [
      { state: "investigating", minutes: 4, words: "Our probes get no answer. We are looking into it." },
      {
        state: "identified",
        minutes: 9,
        words: "A new version ended while it was starting. We go back to the one before.",
      },
      {
        state: "resolved",
        minutes: 17,
        words: "The version before runs. No request was billed that was not answered.",
      },
    ],
  },
  {
    daysAgo: 12,
    component: "background",
    title: "E-mail and webhooks come late",
    impact: "minor",
    kind: "degradedMs",
    said: [
      { state: "investigating", minutes: 15, words: "Letters and webhooks wait for up to half an hour." },
      {
        state: "monitoring",
        minutes: 60,
        words: "A mail server that did not answer is left out. The queue gets shorter.",
      },
      { state: "resolved", minutes: 95, words: "Everything that waited was sent. Nothing was lost." },
    ],
  },
];

const planned = { daysAgo: 26, toldDaysBefore: 9, minutes: 40, component: "files" };
const components = ["api", "console", "files", "background"];

/** Ninety days on the status page: two incidents that are over, and work that was planned and told. */
export async function seedStatus({ db, now }: World): Promise<void> {
  const noon = (daysAgo: number): Date =>
    new Date(Math.floor(daysBefore(now, daysAgo).getTime() / dayMs) * dayMs + dayMs / 2);
  const after = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * minuteMs);
  for (const { daysAgo, component, title, impact, said } of pasts) {
    const startedAt = noon(daysAgo);
    const id = newId("incident", startedAt);
    const resolvedAt = after(startedAt, said.at(-1)?.minutes ?? 0);
    const row = { id, title, impact, components: [component], startedAt, resolvedAt, createdBy: "seed" };
    await db.insert(incidents).values({ ...row, createdAt: after(startedAt, said[0]?.minutes ?? 0) });
    const updates = said.map(({ state, minutes, words }, index) => ({
      ...{ incidentId: id, number: index + 1, state, words, by: "seed" },
      at: after(startedAt, minutes),
    }));
    await db.insert(incidentUpdates).values(updates);
  }
  const startsAt = noon(planned.daysAgo);
  const toldAt = daysBefore(startsAt, planned.toldDaysBefore);
  await db.insert(maintenances).values({
    ...{ id: newId("maintenance", toldAt), title: "New disks for files", components: [planned.component], toldAt },
    words: "Uploads and downloads may not answer for some minutes.",
    ...{ startsAt, endsAt: after(startsAt, 60), createdBy: "seed", createdAt: toldAt },
  });
  for (const component of components)
    await db
      .insert(statusDays)
      .values(Array.from({ length: shownDays - 1 }, (_, index) => dayRow(component, noon(index + 1), index + 1)));
}

function dayRow(component: string, noon: Date, daysAgo: number): typeof statusDays.$inferInsert {
  const past = pasts.find((one) => one.daysAgo === daysAgo && one.component === component);
  const isPlanned = planned.daysAgo === daysAgo && planned.component === component;
  const excludedMs = isPlanned ? planned.minutes * minuteMs : 0;
  const lost = (past?.said.at(-1)?.minutes ?? 0) * minuteMs;
  const sums = { degradedMs: 0, downMs: 0, ...(past && { [past.kind]: lost }), excludedMs, unknownMs: 0 };
  return { component, day: noon.toISOString().slice(0, 10), upMs: dayMs - lost - excludedMs, ...sums };
}
