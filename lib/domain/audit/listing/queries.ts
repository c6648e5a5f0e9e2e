import { and, asc, desc, eq, gt, inArray, lt } from "drizzle-orm";
import { auditEvents } from "#db/schema/audit.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { AuditRow } from "#lib/domain/audit/view.ts";

type Kind = AuditRow["actorKind"];

export type Asked = {
  kinds?: Kind[] | undefined;
  actions?: string[] | undefined;
  objects?: string[] | undefined;
  actorId?: string | undefined;
  after?: Date | undefined;
  before?: Date | undefined;
  isAscending: boolean;
  limit: number;
};

/** Rows of the whole organization's audit log between two instants, for programs. */
export async function auditSlice(ctx: OrganizationContext, asked: Asked): Promise<AuditRow[]> {
  authorize(ctx.actor, "audit.read-organization");
  const { kinds, actions, objects, actorId, after, before, isAscending, limit } = asked;
  return ctx.db
    .select()
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.organizationId, ctx.organizationId),
        kinds && inArray(auditEvents.actorKind, kinds),
        actions && inArray(auditEvents.action, actions),
        objects && inArray(auditEvents.objectType, objects),
        actorId ? eq(auditEvents.actorId, actorId) : undefined,
        after && gt(auditEvents.at, after),
        before && lt(auditEvents.at, before),
      ),
    )
    .orderBy((isAscending ? asc : desc)(auditEvents.sequence))
    .limit(limit);
}
