import { eq } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { keys } from "#db/schema/keys.ts";
import { at, type Seeded } from "./people.ts";
import { daysBefore, type World } from "./world.ts";

type Row = typeof keys.$inferInsert;
export type SeededKey = Pick<Row, "id" | "workspaceId" | "ownerId" | "organizationId">;
type Draft = Partial<Row> & { name: string; workspace: number; owner: number; ageDays: number };

/** Keys in every state there is. Their secrets are thrown away: no one has them, as no one should. */
export async function seedKeys(world: World, seeded: Seeded): Promise<SeededKey[]> {
  const { now } = world;
  const inDays = (days: number) => daysBefore(now, -days);
  const all = ["completions:create", "embeddings:create", "models:read"];
  const drafts: Draft[] = [
    { name: "checkout-backend", workspace: 0, owner: 3, ageDays: 88, scopes: all },
    {
      name: "support-search",
      workspace: 0,
      owner: 3,
      ageDays: 60,
      scopes: ["embeddings:create"],
      models: ["mistral-embed"],
    },
    { name: "nightly-evaluation", workspace: 0, owner: 1, ageDays: 80, scopes: all, expiresAt: inDays(6) },
    {
      name: "mobile-app",
      workspace: 0,
      owner: 3,
      ageDays: 70,
      scopes: all,
      addresses: ["192.0.2.0/24"],
      expiresAt: inDays(0.8),
    },
    { name: "mobile-app", workspace: 0, owner: 3, ageDays: 1, scopes: all, addresses: ["192.0.2.0/24"] },
    {
      name: "old-prototype",
      workspace: 0,
      owner: 0,
      ageDays: 90,
      scopes: all,
      revokedAt: daysBefore(now, 40),
      revokedReason: "revoked",
    },
    { name: "trial-week", workspace: 0, owner: 1, ageDays: 60, scopes: all, expiresAt: daysBefore(now, 53) },
    {
      name: "laptop-mara",
      workspace: 0,
      owner: 3,
      ageDays: 50,
      scopes: all,
      revokedAt: daysBefore(now, 12),
      revokedReason: "leaked",
    },
    { name: "laptop-mara", workspace: 0, owner: 3, ageDays: 12, scopes: all },
    { name: "notebooks", workspace: 1, owner: 3, ageDays: 45, scopes: all },
    { name: "support-desk", workspace: 0, owner: 0, ageDays: 20, scopes: [...all, "agents:use"], purpose: "service" },
  ];
  const made: SeededKey[] = [];
  for (const { name, workspace, owner, ageDays, ...rest } of drafts) {
    const createdAt = daysBefore(now, ageDays);
    const secret = world.newSecret();
    const row: Row = {
      organizationId: seeded.organizationId,
      id: newId("key", createdAt),
      workspaceId: at(seeded.workspaceIds, workspace),
      ownerId: at(seeded.userIds, owner),
      name,
      hash: world.hashSecret(secret),
      first4: secret.slice(4, 8),
      last4: secret.slice(-4),
      scopes: all,
      createdAt,
      ...rest,
    };
    made.push(row);
    await world.db.insert(keys).values(row);
  }
  await link(world, at(made, 3).id, at(made, 4).id);
  await link(world, at(made, 7).id, at(made, 8).id);
  return made;
}

async function link(world: World, old: Id<"key">, successor: Id<"key">): Promise<void> {
  await world.db.update(keys).set({ successorId: successor }).where(eq(keys.id, old));
  await world.db.update(keys).set({ rootId: old }).where(eq(keys.id, successor));
}
