import { type Id, newId } from "#db/id.ts";
import { auditEvents } from "#db/schema/audit.ts";
import type { SeededKey } from "./keys.ts";
import { at, type Seeded } from "./people.ts";
import { daysBefore, type Step, type World } from "./world.ts";

type Row = typeof auditEvents.$inferInsert;
type Draft = Pick<Row, "action" | "objectType" | "objectId"> & Partial<Row> & { daysAgo: number };

/** What people of the organization did, and one look of the provider's staff; the database chains the rows as it does all. */
export function auditSteps(world: World, seeded: Seeded, keys: readonly SeededKey[]): Step[] {
  const { organizationId, userIds, workspaceIds } = seeded;
  const founder = at(userIds, 0);
  const staffId = newId("user", daysBefore(world.now, 200));
  const lookId = newId("look", daysBefore(world.now, 2));
  const reason = { reason: "ticket", words: "They ask why a letter about a limit did not reach them." };
  const staff = { actorKind: "staff", actorId: staffId, actorName: "Noor Haddad", address: "203.0.113.20" } as const;
  const drafts: Draft[] = [
    {
      daysAgo: 95,
      action: "organization.create",
      objectType: "organization",
      objectId: organizationId,
      after: { name: "Lindenhof Labs", plan: "paid" },
      clause: "T-5.1",
    },
    ...keys.slice(0, 5).map((key, i) => ({
      daysAgo: 88 - i * 6,
      workspaceId: key.workspaceId as Id<"workspace">,
      action: "api_key.create",
      objectType: "key",
      objectId: key.id,
      after: { scopes: ["completions:create", "models:read"], expiresAt: null },
      clause: "T-4.2.1-KEY1",
    })),
    {
      daysAgo: 20,
      workspaceId: at(workspaceIds, 0),
      action: "spend_limit.set",
      objectType: "workspace",
      objectId: at(workspaceIds, 0),
      before: { period: "month", limit: "4", alertPercents: [50, 80, 100] },
      after: { period: "month", limit: "6", alertPercents: [50, 80, 100] },
      clause: "T-4.2.2.2-LIM2",
    },
    {
      ...staff,
      daysAgo: 2,
      action: "staff.open-look",
      objectType: "look",
      objectId: lookId,
      after: { ...reason, until: new Date(daysBefore(world.now, 2).getTime() + 1_800_000).toISOString() },
    },
    {
      ...staff,
      daysAgo: 1.999,
      action: "staff.look",
      objectType: "letter",
      objectId: newId("letter", daysBefore(world.now, 3)),
      after: { look: lookId, ...reason },
    },
  ];
  return drafts.map(({ daysAgo, ...draft }) => {
    const when = daysBefore(world.now, daysAgo);
    const row = {
      organizationId,
      id: newId("audit", when),
      at: when,
      actorKind: "user" as const,
      actorId: founder,
      actorName: "Ilse Brandt",
      address: "198.51.100.7",
      agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)",
      ...draft,
    };
    return {
      at: when,
      run: async () => {
        await world.db.insert(auditEvents).values(row);
      },
    };
  });
}
