import { newId } from "#db/id.ts";
import { keys } from "#db/schema/keys.ts";
import { seedLimits, spentOn } from "./limits.ts";
import { at, seedOrganization } from "./people.ts";
import { seedUsage } from "./usage.ts";
import type { World } from "./world.ts";

const picoPerCent = 10_000_000_000n;

/** An organization whose month is expensive: on whatever day it is seeded, 86 per cent of its workspace's limit is spent. */
export async function seedNearLimit(world: World): Promise<void> {
  const email = `near-limit-${world.now.getTime().toString(36)}@example.com`;
  const seeded = await seedOrganization(world, {
    name: "Brink Analytics",
    plan: "paid",
    workspaces: ["Default"],
    ageDays: 40,
    people: [{ email, name: "Edda Brink", roles: ["organization_admin"], inWorkspaces: ["workspace_admin"] }],
  });
  const secret = world.newSecret();
  const key = {
    organizationId: seeded.organizationId,
    id: newId("key", world.now),
    workspaceId: at(seeded.workspaceIds, 0),
    ownerId: at(seeded.userIds, 0),
  };
  await world.db.insert(keys).values({
    ...key,
    name: "batch-pipeline",
    hash: world.hashSecret(secret),
    first4: secret.slice(4, 8),
    last4: secret.slice(-4),
    scopes: ["completions:create", "models:read"],
    createdAt: world.now,
  });
  const daysIntoMonth = world.now.getUTCDate();
  const perDay = 900 / daysIntoMonth;
  await seedUsage(
    world,
    [{ key, perDay, model: "tiny-chat-1", agent: "batch/1.0", scale: 400 }],
    daysIntoMonth - 1,
    "paid",
  );
  const spent = await spentOn(world, key.organizationId, key.workspaceId);
  const euros = Number((spent * 100n) / 86n / picoPerCent) / 100;
  await seedLimits(world, seeded, [
    { scope: "organization", scopeId: key.organizationId, euros: Math.ceil(euros) * 2 },
    { scope: "workspace", scopeId: key.workspaceId, euros },
  ]);
  console.log(`Seeded Brink Analytics; sign in as ${email}.`);
}
