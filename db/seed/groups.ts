import { newId } from "#db/id.ts";
import { groupMembers, groupRoles, groups, invitations } from "#db/schema/organizations.ts";
import { at, type Seeded } from "./people.ts";
import { daysBefore, type World } from "./world.ts";

/** A group that lets two people look into the second workspace, and a person invited who has not answered. */
export async function seedGroups(world: World, { organizationId, workspaceIds, userIds }: Seeded): Promise<void> {
  const createdAt = daysBefore(world.now, 40);
  const groupId = newId("group", createdAt);
  await world.db.insert(groups).values({ organizationId, id: groupId, name: "Evaluation", createdAt });
  await world.db
    .insert(groupMembers)
    .values([2, 3].map((i) => ({ organizationId, groupId, userId: at(userIds, i), createdAt })));
  const workspaceId = at(workspaceIds, 1);
  await world.db.insert(groupRoles).values({ organizationId, groupId, workspaceId, roles: ["observability_viewer"] });
  const sentAt = daysBefore(world.now, 2);
  await world.db.insert(invitations).values({
    organizationId,
    id: newId("invitation", sentAt),
    email: "new.colleague@example.com",
    roles: ["member"],
    grants: [{ workspaceId, roles: ["dev"] }],
    // No one has the link.
    hash: world.hashSecret(world.newSecret()),
    invitedBy: at(userIds, 0),
    createdAt: sentAt,
    sentAt,
    expiresAt: daysBefore(world.now, -5),
  });
}
