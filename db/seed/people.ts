import { inArray } from "drizzle-orm";
import { type Id, newId } from "#db/id.ts";
import { staff, users } from "#db/schema/account.ts";
import { members, organizations, workspaceMembers, workspaces } from "#db/schema/organizations.ts";
import { acceptances, documents } from "#db/schema/terms.ts";
import { daysBefore, type World } from "./world.ts";

type MemberRole = (typeof members.$inferInsert)["roles"][number];
type WorkspaceRole = (typeof workspaceMembers.$inferInsert)["roles"][number];
type StaffRole = (typeof staff.$inferInsert)["roles"][number];

export type Person = { email: string; name: string; roles: MemberRole[]; inWorkspaces?: WorkspaceRole[] };
export type Seeded = { organizationId: Id<"organization">; workspaceIds: Id<"workspace">[]; userIds: Id<"user">[] };

type OrganizationSeed = {
  name: string;
  plan: "free" | "paid";
  workspaces: string[];
  people: Person[];
  ageDays: number;
};

export async function seedUser(world: World, email: string, name: string, at: Date): Promise<Id<"user">> {
  const id = newId("user", at);
  await world.db
    .insert(users)
    .values({ id, email, name, passwordHash: world.passwordHash, emailVerifiedAt: at, createdAt: at });
  return id;
}

export async function seedStaff(world: World, email: string, name: string, roles: StaffRole[]): Promise<Id<"user">> {
  const at = daysBefore(world.now, 200);
  const userId = await seedUser(world, email, name, at);
  await world.db.insert(staff).values({ userId, roles, createdAt: at });
  return userId;
}

/** An organization whose founder is the first of its people, with everyone's agreement to the terms in force. */
export async function seedOrganization(world: World, plan: OrganizationSeed): Promise<Seeded> {
  const { db } = world;
  const createdAt = daysBefore(world.now, plan.ageDays);
  const userIds: Id<"user">[] = [];
  for (const { email, name } of plan.people) userIds.push(await seedUser(world, email, name, createdAt));
  const founder = userIds[0];
  const contact = plan.people[0]?.email;
  if (!founder || !contact) throw new Error(`${plan.name} needs a founder.`);
  const organizationId = newId("organization", createdAt);
  await db.insert(organizations).values({
    id: organizationId,
    name: plan.name,
    plan: plan.plan,
    registrationEmail: contact,
    createdBy: founder,
    createdAt,
    firstUseAt: createdAt,
  });
  const workspaceIds = plan.workspaces.map(() => newId("workspace", createdAt));
  await db.insert(workspaces).values(
    plan.workspaces.map((name, i) => ({
      organizationId,
      id: at(workspaceIds, i),
      name,
      isDefault: i === 0,
      createdAt,
    })),
  );
  await db
    .insert(members)
    .values(plan.people.map(({ roles }, i) => ({ organizationId, userId: at(userIds, i), roles, createdAt })));
  const places = plan.people.flatMap(({ inWorkspaces }, i) =>
    inWorkspaces
      ? workspaceIds.map((workspaceId) => ({
          organizationId,
          workspaceId,
          userId: at(userIds, i),
          roles: inWorkspaces,
          createdAt,
        }))
      : [],
  );
  if (places.length > 0) await db.insert(workspaceMembers).values(places);
  await agreeToTerms(world, organizationId, userIds, createdAt);
  return { organizationId, workspaceIds, userIds };
}

export function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`There is no item ${index}.`);
  return item;
}

async function agreeToTerms(
  world: World,
  organizationId: Id<"organization">,
  userIds: Id<"user">[],
  acceptedAt: Date,
): Promise<void> {
  const terms = await world.db
    .select()
    .from(documents)
    .where(inArray(documents.kind, ["terms", "chat"]));
  const rows = terms.flatMap((document) =>
    userIds.map((userId, i) => ({
      organizationId,
      id: newId("acceptance", acceptedAt),
      userId,
      documentId: document.id,
      version: document.version,
      sha256: document.sha256,
      binds: i === 0 && document.kind === "terms",
      method: "click" as const,
      address: "192.0.2.10",
      agent: "Seeded browser",
      acceptedAt,
    })),
  );
  if (rows.length > 0) await world.db.insert(acceptances).values(rows);
}
