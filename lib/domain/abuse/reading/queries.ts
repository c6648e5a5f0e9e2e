import { and, eq, gte, inArray, lte } from "drizzle-orm";
import { type Id, timeOf } from "#db/id.ts";
import { workspaces } from "#db/schema/organizations.ts";
import { usageEvents } from "#db/schema/usage.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import { addDays } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";

type Place = { id: Id<"request">; workspaceId: Id<"workspace"> };

/** In which workspaces of a customer requests were made; one that is not there is left out. */
export async function requestPlaces(ctx: OrganizationContext, ids: readonly Id<"request">[]): Promise<Place[]> {
  authorize(ctx.actor, "abuse.decide");
  const times = ids.map((id) => timeOf(id).getTime());
  // By workspace, because the log has no index without it; by day, because the id was made with `at`.
  return ctx.db
    .select({ id: usageEvents.id, workspaceId: usageEvents.workspaceId })
    .from(workspaces)
    .innerJoin(
      usageEvents,
      and(eq(usageEvents.organizationId, workspaces.organizationId), eq(usageEvents.workspaceId, workspaces.id)),
    )
    .where(
      and(
        eq(workspaces.organizationId, ctx.organizationId),
        inArray(usageEvents.id, [...ids]),
        gte(usageEvents.at, addDays(new Date(Math.min(...times)), -1)),
        lte(usageEvents.at, addDays(new Date(Math.max(...times)), 1)),
      ),
    );
}
