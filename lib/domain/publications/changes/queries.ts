import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { legalNotices } from "#db/schema/contract.ts";
import { acceptances, publications } from "#db/schema/terms.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { plainValue } from "#lib/domain/contract/values/rules.ts";
import type { ChangeFacts } from "#lib/domain/publications/letters.ts";
import { versionsOf } from "#lib/domain/terms/versions/queries.ts";
import type { PendingChange } from "#lib/domain/terms/view.ts";

/** What a notice of a change says to a customer, and by how many days it comes before the change. */
export async function changeFacts(ctx: OrganizationContext, publicationId: string): Promise<ChangeFacts> {
  authorize(ctx.actor, "organization.read");
  const [found] = await ctx.db
    .select()
    .from(publications)
    .where(eq(publications.id, publicationId as Id<"publication">));
  if (!found?.plannedAt) throw new AppError("not_found", "There is no such change.");
  const { kind, version, summary, plannedAt } = found;
  const versions = await versionsOf(ctx, kind, ctx.organizationId);
  const before = versions.find((one) => one.version < version && one.startsAt !== null && one.startsAt <= ctx.now);
  const days = plainValue(await contractSources(ctx), "days.terms-notice", ctx.now);
  const title = versions.find((one) => one.version === version)?.title ?? kind;
  return { kind, title, version, before: before?.version ?? version, whatChanges: summary ?? "", plannedAt, days };
}

/**
 * What was announced to this customer and does not hold for them yet, or no longer needs to be asked about: from the
 * notice until their own date.
 */
export async function pendingChanges(ctx: OrganizationContext): Promise<PendingChange[]> {
  authorize(ctx.actor, "organization.read");
  const open = await ctx.db
    .select({ notice: legalNotices, kind: publications.kind, publicationId: publications.id })
    .from(legalNotices)
    .innerJoin(publications, sql`${publications.id} = ${legalNotices.aboutId}`)
    .where(
      and(
        eq(legalNotices.organizationId, ctx.organizationId),
        eq(legalNotices.about, "terms"),
        sql`${legalNotices.effectiveAt} > ${ctx.now.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(asc(legalNotices.effectiveAt));
  const found = await Promise.all(
    open.map(async ({ notice: { id: noticeId, noticedAt, effectiveAt }, kind, publicationId }) => {
      const versions = await versionsOf(ctx, kind, ctx.organizationId);
      const document = versions.find((one) => one.publicationId === publicationId);
      // One that this customer agreed to as a newcomer holds already.
      if (!document?.startsAt || document.startsAt <= ctx.now || !noticedAt || !effectiveAt) return null;
      return { ...document, noticeId, noticedAt, startsAt: effectiveAt, agreedBy: await agreedBy(ctx, document.id) };
    }),
  );
  return found.filter((one) => one !== null);
}

async function agreedBy(ctx: OrganizationContext, documentId: Id<"document">): Promise<PendingChange["agreedBy"]> {
  const [found] = await ctx.db
    .select({ name: users.name, at: acceptances.acceptedAt })
    .from(acceptances)
    .innerJoin(users, eq(users.id, acceptances.userId))
    .where(
      and(
        eq(acceptances.organizationId, ctx.organizationId),
        eq(acceptances.documentId, documentId),
        eq(acceptances.binds, true),
      ),
    )
    .orderBy(asc(acceptances.acceptedAt))
    .limit(1);
  return found ?? null;
}

/** Versions of the terms that hold for this customer since a notice, and that no one has agreed to for them yet. */
export async function unagreedVersions(
  ctx: OrganizationContext,
): Promise<{ documentId: Id<"document">; version: number; sha256: string }[]> {
  authorize(ctx.actor, "organization.read");
  const rows = await ctx.db.execute<{ id: Id<"document">; version: number; sha256: string }>(sql`
    select id, version, sha256 from unagreed_versions(${ctx.organizationId}, ${ctx.now.toISOString()}::timestamptz)`);
  return Array.from(rows, ({ id, version, sha256 }) => ({ documentId: id, version, sha256 }));
}

/** The evidence of T-7-EXIT: how each version came to hold for this customer. */
export async function agreementsTo(
  ctx: OrganizationContext,
): Promise<{ version: number; method: string; acceptedAt: Date; keyId: string | null; name: string | null }[]> {
  authorize(ctx.actor, "contract.read");
  return ctx.db
    .select({
      version: acceptances.version,
      method: acceptances.method,
      acceptedAt: acceptances.acceptedAt,
      keyId: acceptances.keyId,
      name: users.name,
    })
    .from(acceptances)
    .leftJoin(users, eq(users.id, acceptances.userId))
    .where(
      and(eq(acceptances.organizationId, ctx.organizationId), eq(acceptances.binds, true), isNull(acceptances.orderId)),
    )
    .orderBy(asc(acceptances.acceptedAt));
}
