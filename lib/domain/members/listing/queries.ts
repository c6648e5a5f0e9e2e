import { and, asc, count, eq, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { members } from "#db/schema/organizations.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { memberOf } from "#lib/domain/members/queries.ts";
import type { MemberView } from "#lib/domain/members/view.ts";

type Asked = { page: number; pageSize: number; email?: string | undefined };

/** A numbered page of the members, in the order they joined, for programs. */
export async function memberPage(
  ctx: OrganizationContext,
  { page, pageSize, email }: Asked,
): Promise<{ total: number; members: MemberView[] }> {
  authorize(ctx.actor, "members.read");
  const asked = and(
    eq(members.organizationId, ctx.organizationId),
    email ? eq(sql`lower(${users.email})`, email.toLowerCase()) : undefined,
  );
  const found = () => ctx.db.select({ id: users.id }).from(members).innerJoin(users, eq(users.id, members.userId));
  const [sum] = await ctx.db
    .select({ total: count() })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(asked);
  const rows: { id: Id<"user"> }[] = await found()
    .where(asked)
    .orderBy(asc(members.createdAt), asc(members.userId))
    .limit(pageSize)
    .offset((page - 1) * pageSize);
  return { total: sum?.total ?? 0, members: await Promise.all(rows.map(({ id }) => memberOf(ctx, id))) };
}
