import { and, asc, eq, gt, isNull, or, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import type { GrantLevel } from "#db/schema/agents.ts";
import { keys } from "#db/schema/keys.ts";
import { groupMembers, groups, members, workspaces } from "#db/schema/organizations.ts";
import { authorize, can } from "#lib/core/access/authorize.ts";
import type { Permission } from "#lib/core/access/permissions.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { sharingTerms } from "#lib/domain/contract/values/queries.ts";
import { standings } from "#lib/domain/limits/queries.ts";
import { membersIn } from "#lib/domain/members/queries.ts";
import type { Plan } from "#lib/domain/organizations/plan/rules.ts";
import { type NamedStanding, type SharedKind, type SharingStanding, standingBy } from "./rules.ts";
import type { SharedWith, SharingChoices, Subject, SubjectKind } from "./view.ts";

/** What a kind of thing asks of those who look at it. */
type Kind = SharedKind & { read: Permission };

/** How the person who asks stands to such things of the workspace: a person or a key of theirs, or a service key of its own. */
export async function callerStanding(ctx: Context, kind: Kind): Promise<SharingStanding> {
  authorize(ctx.actor, kind.read);
  const { actor } = ctx;
  if (actor.kind === "user") return personStanding(ctx, kind, actor.id);
  if (actor.kind === "key" && !actor.isService) return personStanding(ctx, kind, actor.ownerId);
  const { hasSharing } = await sharingTerms(ctx, kind.read);
  const isKey = actor.kind === "key";
  const subject = isKey ? actor.id : "";
  const own = { workspaceId: ctx.workspaceId, subject, groups: [], isAdmin: false, hasSharing };
  return { ...own, mayUse: isKey, mayBuild: isKey };
}

/** How a person of the organization stands to such things; a person who is not in the workspace may nothing. */
export async function personStanding(ctx: Context, kind: Kind, userId: Id<"user">): Promise<SharingStanding> {
  authorize(ctx.actor, kind.read);
  const { organizationId, workspaceId } = ctx;
  const { hasSharing } = await sharingTerms(ctx, kind.read);
  const [row] = await ctx.db
    .select({
      roles: members.roles,
      places: sql<string[]>`workspace_roles(${organizationId}, ${workspaceId}, ${userId})`,
      groups: sql<string[]>`array(select ${groupMembers.groupId} from ${groupMembers}
        where ${groupMembers.organizationId} = ${organizationId} and ${groupMembers.userId} = ${userId})`,
    })
    .from(members)
    .where(and(eq(members.organizationId, organizationId), eq(members.userId, userId)));
  return standingBy(kind, {
    workspaceId,
    subject: userId,
    groups: row?.groups ?? [],
    roles: row ? [...row.roles, ...row.places] : [],
    hasSharing: row ? hasSharing : false,
  });
}

/** The workspace by name, and what its plan says of sharing. */
export async function sharingPlace(
  ctx: Context,
  kind: Kind,
): Promise<{ name: string; plan: Plan; hasSharing: boolean }> {
  authorize(ctx.actor, kind.read);
  const terms = await sharingTerms(ctx, kind.read);
  const [row] = await ctx.db
    .select({ name: workspaces.name })
    .from(workspaces)
    .where(and(eq(workspaces.organizationId, ctx.organizationId), eq(workspaces.id, ctx.workspaceId)));
  if (!row) throw new AppError("not_found", "This workspace is gone.");
  return { ...row, ...terms };
}

export type PersonHere = { name: string; email: string; roles: readonly string[]; standing: SharingStanding };

/** Everyone of the organization, as such things of this workspace see them. */
export async function peopleHere(ctx: Context, kind: Kind): Promise<PersonHere[]> {
  authorize(ctx.actor, kind.read);
  const { organizationId, workspaceId } = ctx;
  const [rows, memberships, { hasSharing }] = await Promise.all([
    membersIn(ctx, workspaceId).orderBy(asc(sql`lower(${users.name})`), asc(users.id)),
    ctx.db
      .select({ userId: groupMembers.userId, groupId: groupMembers.groupId })
      .from(groupMembers)
      .where(eq(groupMembers.organizationId, organizationId)),
    sharingTerms(ctx, kind.read),
  ]);
  return rows.map(({ id, name, email, roles: own, workspaceRoles }) => {
    const roles = [...own, ...workspaceRoles];
    const inGroups = memberships.filter(({ userId }) => userId === id).map(({ groupId }) => groupId);
    const standing = standingBy(kind, { workspaceId, subject: id, groups: inGroups, roles, hasSharing });
    return { name, email, roles, standing };
  });
}

export async function groupsHere(ctx: Context, kind: Kind): Promise<Subject[]> {
  authorize(ctx.actor, kind.read);
  const rows = await ctx.db
    .select({
      id: groups.id,
      name: groups.name,
      people:
        sql<number>`(select count(*) from ${groupMembers} where ${groupMembers.organizationId} = ${groups.organizationId}
        and ${groupMembers.groupId} = ${groups.id})`.mapWith(Number),
    })
    .from(groups)
    .where(eq(groups.organizationId, ctx.organizationId))
    .orderBy(asc(sql`lower(${groups.name})`), asc(groups.id));
  return rows.map(({ people, ...row }) => ({
    kind: "group",
    ...row,
    detail: people === 1 ? "1 person" : `${people} people`,
  }));
}

/** Keys of people act for their owners, so that only those of the workspace itself need a grant of their own. */
export async function serviceKeysHere(ctx: Context, kind: Kind): Promise<Subject[]> {
  authorize(ctx.actor, kind.read);
  const rows = await ctx.db
    .select({ id: keys.id, name: keys.name, last4: keys.last4 })
    .from(keys)
    .where(
      and(
        eq(keys.organizationId, ctx.organizationId),
        eq(keys.workspaceId, ctx.workspaceId),
        eq(keys.purpose, "service"),
        isNull(keys.revokedAt),
        or(isNull(keys.expiresAt), gt(keys.expiresAt, ctx.now)),
      ),
    )
    .orderBy(asc(sql`lower(${keys.name})`), asc(keys.id));
  return rows.map(({ id, name, last4 }) => ({ id, name, detail: `ends in ${last4}`, kind: "key" }));
}

/** The people of the workspace and its service keys. */
export async function everyoneHere(ctx: Context, kind: Kind): Promise<NamedStanding[]> {
  authorize(ctx.actor, kind.read);
  const [people, serviceKeys, { hasSharing }] = await Promise.all([
    peopleHere(ctx, kind),
    serviceKeysHere(ctx, kind),
    sharingTerms(ctx, kind.read),
  ]);
  const own = { workspaceId: ctx.workspaceId, groups: [], mayUse: true, mayBuild: true, isAdmin: false, hasSharing };
  const machines = serviceKeys.map(({ id, name }) => ({
    name: `the service key ${name}`,
    standing: { ...own, subject: id },
  }));
  return [...people, ...machines];
}

/** What is left of the tightest limit that answers count against; null without one, or for who may not know. */
export async function leftOfLimits(ctx: Context): Promise<bigint | null> {
  authorize(ctx.actor, "models.read");
  if (!can(ctx.actor, "limits.read")) return null;
  const chain = Object.values(await standings(ctx));
  const left = chain.flatMap(({ limitPico, settledPico, heldPico }) =>
    limitPico === null ? [] : [limitPico - settledPico - heldPico],
  );
  return left.reduce<bigint | null>((least, one) => (least === null || one < least ? one : least), null);
}

type GrantRow = { subjectKind: SubjectKind; subjectId: string; level: GrantLevel };

/** Who such a thing is shared with by name, and everyone it can be shared with. */
export async function sharingChoices(ctx: Context, kind: Kind, rows: readonly GrantRow[]): Promise<SharingChoices> {
  authorize(ctx.actor, kind.read);
  const [place, people, teams, serviceKeys] = await Promise.all([
    sharingPlace(ctx, kind),
    peopleHere(ctx, kind),
    groupsHere(ctx, kind),
    serviceKeysHere(ctx, kind),
  ]);
  const inside: Subject[] = people
    .filter(({ standing }) => standing.mayUse)
    .map(({ standing, name, email }) => ({ id: standing.subject, name, detail: email, kind: "user" }));
  const known = new Map([...inside, ...teams, ...serviceKeys].map((subject) => [subject.id, subject]));
  const outside = new Map(people.map(({ standing, name, email }) => [standing.subject, { name, detail: email }]));
  const grants = rows.map(({ subjectKind, subjectId, level }): SharedWith => {
    const subject = known.get(subjectId);
    if (subject) return { ...subject, level, isOut: false };
    const other = outside.get(subjectId) ?? { name: "A person who left, or a key that ended", detail: "" };
    return { kind: subjectKind, id: subjectId, ...other, level, isOut: true };
  });
  const { name: placeName, plan, hasSharing } = place;
  return { placeName, plan, hasSharing, grants, people: inside, groups: teams, keys: serviceKeys };
}
