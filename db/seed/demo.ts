import { seedAgents } from "./agents.ts";
import { auditSteps } from "./audit.ts";
import { seedConnections } from "./connections.ts";
import { seedDeadlines } from "./deadlines.ts";
import { seedGroups } from "./groups.ts";
import { seedKeys } from "./keys.ts";
import { seedLate } from "./late.ts";
import { seedLimits } from "./limits.ts";
import { seedNotices } from "./notices.ts";
import { at, seedOrganization, seedStaff } from "./people.ts";
import { seedStatus } from "./status.ts";
import { seedUsage } from "./usage.ts";
import { seedWebhooks } from "./webhooks.ts";
import { demoPassword, type Helped, inOrderOfTime, type World } from "./world.ts";
import { seedZeroRetention } from "./zero-retention.ts";

/** Who can sign in to the demo world, for the lines that `npm start` prints. */
export const demoAccounts = [
  { email: "owner@example.com", who: "owner of Lindenhof Labs" },
  { email: "admin@example.com", who: "organization admin" },
  { email: "billing@example.com", who: "billing manager" },
  { email: "dev@example.com", who: "developer" },
  { email: "member@example.com", who: "plain member" },
  { email: "free@example.com", who: "owner of an organization on the free plan" },
  { email: "late@example.com", who: "owner of Kestrel Freight, whose invoices are past due" },
  { email: "support@example.com", who: "staff: support, trust, legal and models" },
  { email: "ledger@example.com", who: "staff: billing" },
].map((account) => ({ ...account, password: demoPassword }));

/** The world a newcomer meets: a paying organization with a past, one that owes, a free one, and the provider's staff. */
export async function seedDemo(world: World): Promise<Helped> {
  const seeded = await seedOrganization(world, {
    name: "Lindenhof Labs",
    plan: "paid",
    workspaces: ["Production", "Research"],
    ageDays: 95,
    people: [
      { email: "owner@example.com", name: "Ilse Brandt", roles: ["organization_admin"] },
      { email: "admin@example.com", name: "Tomás Rey", roles: ["organization_admin"] },
      {
        email: "billing@example.com",
        name: "Aino Salmi",
        roles: ["billing_manager"],
        inWorkspaces: ["observability_viewer"],
      },
      { email: "dev@example.com", name: "Mara Okafor", roles: ["member"], inWorkspaces: ["dev"] },
      { email: "member@example.com", name: "Piet Jansen", roles: ["member"], inWorkspaces: ["user"] },
    ],
  });
  await seedGroups(world, seeded);
  await seedAgents(world, seeded);
  const keys = await seedKeys(world, seeded);
  await seedUsage(
    world,
    [
      {
        key: at(keys, 0),
        perDay: 34,
        model: "tiny-chat-1",
        agent: "mistral-client-typescript/2.7.0",
        scale: 12,
        endUsers: 40,
      },
      { key: at(keys, 1), perDay: 16, model: "tiny-embed-1", agent: "openai-python/2.8.0", scale: 3 },
      { key: at(keys, 2), perDay: 8, model: "tiny-chat-1", agent: "mistral-client-python/2.5.1", scale: 20 },
      { key: at(keys, 3), perDay: 12, model: "tiny-chat-1", agent: "okhttp/5.3.0", scale: 4, endUsers: 120 },
      { key: at(keys, 5), perDay: 4, model: "tiny-chat-1", agent: "curl/8.14.1", untilDaysAgo: 40 },
      { key: at(keys, 9), perDay: 9, model: "tiny-chat-1", agent: "openai-python/2.8.0", scale: 8 },
    ],
    90,
    "paid",
  );
  // A full month of this traffic stays below all of them.
  await seedLimits(world, seeded, [
    { scope: "organization", scopeId: seeded.organizationId, euros: 10 },
    { scope: "workspace", scopeId: at(seeded.workspaceIds, 0), euros: 6 },
    { scope: "key", scopeId: at(keys, 0).id, euros: 4 },
    { scope: "key", scopeId: at(keys, 2).id, period: "lifetime", euros: 3.6, alertPercents: [90, 100] },
  ]);
  await seedNotices(world, seeded);
  await seedWebhooks(world, seeded);
  await seedConnections(world, seeded);
  await seedFree(world);
  const support = await seedStaff(world, "support@example.com", "Noor Haddad", ["support", "trust", "legal", "models"]);
  const staff = await seedStaff(world, "ledger@example.com", "Jonas Ek", ["billing"]);
  await seedZeroRetention(world, {
    organizationId: seeded.organizationId,
    workspaceId: at(seeded.workspaceIds, 0),
    userId: at(seeded.userIds, 0),
    staff: support,
  });
  await seedDeadlines(world);
  await seedStatus(world);
  const late = await seedLate(world);
  const paying = { organizationId: seeded.organizationId, founder: at(seeded.userIds, 0) };
  const [owner, dev, member] = [at(seeded.userIds, 0), at(seeded.userIds, 3), at(seeded.userIds, 4)];
  const helped = { ...paying, workspaceId: at(seeded.workspaceIds, 0), owner, dev, member, staff: support };
  await inOrderOfTime([
    ...auditSteps(world, seeded, keys),
    ...world.bills({ paying, late, staff }),
    ...world.tickets(helped),
    ...world.abuse(helped),
    ...world.tuning(helped),
  ]);
  return helped;
}

/** A free organization with one workspace and nothing in it yet. */
export async function seedFree(world: World): Promise<void> {
  await seedOrganization(world, {
    name: "Birch and Daughter",
    plan: "free",
    workspaces: ["Default"],
    ageDays: 3,
    people: [
      {
        email: "free@example.com",
        name: "Runa Birk",
        roles: ["organization_admin"],
        inWorkspaces: ["workspace_admin"],
      },
    ],
  });
}
