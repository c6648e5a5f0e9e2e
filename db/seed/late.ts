import { type Id, newId } from "#db/id.ts";
import { keys } from "#db/schema/keys.ts";
import { at, seedOrganization } from "./people.ts";
import { seedUsage } from "./usage.ts";
import type { World } from "./world.ts";

const dayMs = 86_400_000;

/** The middle of a month so many before this one: when the customer's card stopped working, and its requests with it. */
const middleOf = ({ now }: World, monthsAgo: number): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsAgo, 15));

const daysSince = ({ now }: World, when: Date): number => Math.floor((now.getTime() - when.getTime()) / dayMs);

/** A customer with enough use for advances, from the third month before this one until it was blocked. */
export async function seedLate(world: World): Promise<{ organizationId: Id<"organization">; founder: Id<"user"> }> {
  const begun = daysSince(world, middleOf(world, 3)) + 10;
  const seeded = await seedOrganization(world, {
    name: "Kestrel Freight",
    plan: "paid",
    workspaces: ["Default"],
    ageDays: begun + 3,
    people: [
      {
        email: "late@example.com",
        name: "Oona Kestrel",
        roles: ["organization_admin"],
        inWorkspaces: ["workspace_admin"],
      },
    ],
  });
  const secret = world.newSecret();
  const createdAt = new Date(world.now.getTime() - begun * dayMs);
  const key = {
    organizationId: seeded.organizationId,
    id: newId("key", createdAt),
    workspaceId: at(seeded.workspaceIds, 0),
    ownerId: at(seeded.userIds, 0),
  };
  await world.db.insert(keys).values({
    ...key,
    name: "route-planner",
    hash: world.hashSecret(secret),
    first4: secret.slice(4, 8),
    last4: secret.slice(-4),
    scopes: ["completions:create", "models:read"],
    createdAt,
  });
  const untilDaysAgo = daysSince(world, middleOf(world, 1)) + 1;
  const traffic = { key, perDay: 32, model: "tiny-chat-1" as const, agent: "openai-python/2.8.0", scale: 800 };
  await seedUsage(world, [{ ...traffic, untilDaysAgo }], begun, "paid");
  return { organizationId: seeded.organizationId, founder: at(seeded.userIds, 0) };
}
