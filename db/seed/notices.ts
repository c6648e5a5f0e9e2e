import { newId } from "#db/id.ts";
import { letters } from "#db/schema/notices.ts";
import { at, type Seeded } from "./people.ts";
import { daysBefore, type World } from "./world.ts";

/** What the founder was written to: one notice that was opened, one that was not. */
export async function seedNotices(world: World, { organizationId, userIds }: Seeded): Promise<void> {
  const drafts = [
    {
      daysAgo: 9,
      openedDaysAgo: 8,
      kind: "limits.alert",
      clause: "T-4.2.2.2-LIM3",
      subject: "50 % of the spend limit of Production is spent",
      text: "Hello Ilse Brandt,\n\nThe workspace Production has spent half of its limit for the month.",
    },
    {
      daysAgo: 2,
      openedDaysAgo: null,
      kind: "rates.granted",
      clause: "T-4.2.1-RL",
      subject: "Higher rate limits for Lindenhof Labs",
      text: "Hello Ilse Brandt,\n\nLindenhof Labs may now send to every model: 40 requests a second.\n\nOur answer: For the launch.",
    },
  ];
  for (const { daysAgo, openedDaysAgo, ...draft } of drafts) {
    const createdAt = daysBefore(world.now, daysAgo);
    await world.db.insert(letters).values({
      ...draft,
      id: newId("letter", createdAt),
      organizationId,
      userId: at(userIds, 0),
      recipient: "owner@example.com",
      html: `<!doctype html><title>${draft.subject}</title><p>${draft.text.replaceAll("\n\n", "</p><p>")}</p>`,
      state: "kept",
      createdAt,
      openedAt: openedDaysAgo === null ? null : daysBefore(world.now, openedDaysAgo),
    });
  }
}
