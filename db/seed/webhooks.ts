import { randomBytes } from "node:crypto";
import { type Id, newId } from "#db/id.ts";
import { webhookAttempts, webhookDeliveries, webhookEndpoints, webhookEvents } from "#db/schema/integrations.ts";
import { at, type Seeded } from "./people.ts";
import { daysBefore, type World } from "./world.ts";

type Attempt = { status: number; answer: string; ms: number };

/** An endpoint no one has the secret of, with what was sent there: once taken at once, once at the second attempt. */
export async function seedWebhooks(world: World, seeded: Seeded): Promise<void> {
  const { organizationId } = seeded;
  const createdAt = daysBefore(world.now, 30);
  const id = newId("webhookEndpoint", createdAt);
  await world.db.insert(webhookEndpoints).values({
    organizationId,
    id,
    url: "https://hooks.lindenhof.example/comptoir",
    description: "Posts to the channel of operations",
    eventTypes: ["limit.threshold_crossed", "limit.reached"],
    enabled: true,
    secret: world.seal(randomBytes(32), `webhook:${organizationId}:${id}`),
    createdBy: at(seeded.userIds, 0),
    createdAt,
  });
  const taken = { status: 200, answer: "ok", ms: 84 };
  await seedDelivery(world, seeded, id, { daysAgo: 9, percent: 50, tries: [taken] });
  const busy = { status: 503, answer: "Service unavailable", ms: 2031 };
  await seedDelivery(world, seeded, id, { daysAgo: 1, percent: 80, tries: [busy, taken] });
}

type Told = { daysAgo: number; percent: number; tries: readonly Attempt[] };

async function seedDelivery(
  world: World,
  { organizationId, workspaceIds }: Seeded,
  endpointId: Id<"webhookEndpoint">,
  { daysAgo, percent, tries }: Told,
): Promise<void> {
  const when = daysBefore(world.now, daysAgo);
  const eventId = newId("webhookEvent", when);
  const workspaceId = at(workspaceIds, 0);
  const data = {
    scope: "workspace",
    scope_id: workspaceId,
    name: "Production",
    workspace_id: workspaceId,
    period: "month",
    percent,
    spent_eur: String((6 * percent) / 100),
    limit_eur: "6",
  };
  const type = "limit.threshold_crossed";
  await world.db.insert(webhookEvents).values({ organizationId, id: eventId, workspaceId, type, data, at: when });
  const deliveryId = newId("webhookDelivery", when);
  await world.db.insert(webhookDeliveries).values({
    organizationId,
    id: deliveryId,
    endpointId,
    eventId,
    state: "delivered",
    attempts: tries.length,
    createdAt: when,
    endedAt: when,
  });
  for (const [i, attempt] of tries.entries()) {
    await world.db
      .insert(webhookAttempts)
      .values({ organizationId, deliveryId, number: i + 1, at: new Date(when.getTime() + i * 11_000), ...attempt });
  }
}
