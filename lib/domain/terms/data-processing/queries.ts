import { and, desc, eq, sql } from "drizzle-orm";
import { users } from "#db/schema/account.ts";
import { organizations } from "#db/schema/organizations.ts";
import { acceptances, documents } from "#db/schema/terms.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import type { DataProcessing } from "#lib/domain/terms/view.ts";

/** The data processing agreement that holds for a business, and who signed which version last; null for consumers. */
export async function dataProcessing(ctx: OrganizationContext): Promise<DataProcessing | null> {
  authorize(ctx.actor, "contract.read");
  const here = eq(organizations.id, ctx.organizationId);
  const [customer] = await ctx.db.select({ type: organizations.customerType }).from(organizations).where(here);
  const [document] = await ctx.db.execute<DataProcessing["document"]>(sql`
    select id, version, title, sha256 from document_versions(${ctx.organizationId})
    where kind = 'data-processing' and starts_at <= ${ctx.now.toISOString()}::timestamptz order by version desc limit 1`);
  if (customer?.type !== "business" || !document) return null;
  const [signed] = await ctx.db
    .select({ name: users.name, at: acceptances.acceptedAt, version: acceptances.version })
    .from(acceptances)
    .innerJoin(documents, eq(documents.id, acceptances.documentId))
    .innerJoin(users, eq(users.id, acceptances.userId))
    .where(
      and(eq(acceptances.organizationId, ctx.organizationId), eq(documents.kind, "data-processing"), acceptances.binds),
    )
    .orderBy(desc(acceptances.version), acceptances.acceptedAt)
    .limit(1);
  return { document, signed: signed ?? null };
}
