import { and, asc, desc, eq, lte, min } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { organizations } from "#db/schema/organizations.ts";
import { acceptances, documents } from "#db/schema/terms.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { AgreedKind, Agreement, DocumentKind } from "./input.ts";
import { effectiveAt } from "./rules.ts";
import type { DocumentTitle, MyAgreement } from "./view.ts";

export type Document = typeof documents.$inferSelect;
const heading = {
  id: documents.id,
  kind: documents.kind,
  version: documents.version,
  title: documents.title,
  summary: documents.summary,
  sha256: documents.sha256,
  effectiveFrom: documents.effectiveFrom,
};

/** The version in force now: what a box on a page asks agreement to. */
export async function documentInForce(ctx: AccountContext, kind: DocumentKind): Promise<DocumentTitle> {
  authorize(ctx.actor, "account.open");
  const [document] = await ctx.db
    .select(heading)
    .from(documents)
    .where(and(eq(documents.kind, kind), lte(documents.effectiveFrom, ctx.now)))
    .orderBy(desc(documents.version))
    .limit(1);
  if (!document) throw new AppError("unavailable", "The contract documents have not been published yet.");
  return document;
}

/** The terms a page showed, if they are still the ones in force; otherwise the click on them counts for nothing. */
export async function termsOnPage(
  ctx: AccountContext,
  { documentId, sha256 }: Agreement,
  kind: AgreedKind = "terms",
): Promise<DocumentTitle> {
  authorize(ctx.actor, "account.open");
  const document = await documentInForce(ctx, kind);
  if (document.id === documentId && document.sha256 === sha256) return document;
  const { version } = document;
  throw new AppError(
    "conflict",
    `The terms changed while this page was open. Read version ${version} and tick the box again.`,
    {
      code: "terms_changed",
      fields: { agree: [`Version ${version} came into force after you opened this page.`] },
    },
  );
}

/** Every version of every document, newest first; also those that are announced and not in force yet. */
export async function documentVersions(ctx: AccountContext): Promise<DocumentTitle[]> {
  authorize(ctx.actor, "account.open");
  return ctx.db.select(heading).from(documents).orderBy(asc(documents.kind), desc(documents.version));
}

/** T-2-INC: one version, however old; the one in force when no version is named. */
export async function documentText(ctx: AccountContext, kind: DocumentKind, version?: number): Promise<Document> {
  authorize(ctx.actor, "account.open");
  const wanted = version ?? (await documentInForce(ctx, kind)).version;
  const [document] = await ctx.db
    .select()
    .from(documents)
    .where(and(eq(documents.kind, kind), eq(documents.version, wanted)));
  if (!document) throw new AppError("not_found", "There is no such version of this document.");
  return document;
}

/** Whether this person has agreed, for this organization, to the terms in force, or to those of the chat. */
export async function hasAgreed(ctx: OrganizationContext, kind: AgreedKind = "terms"): Promise<boolean> {
  authorize(ctx.actor, "account.manage");
  const { id: documentId } = await documentInForce(ctx, kind);
  const mine = [
    eq(acceptances.organizationId, ctx.organizationId),
    eq(acceptances.documentId, documentId),
    eq(acceptances.userId, ctx.actor.id as Id<"user">),
  ];
  const [found] = await ctx.db
    .select({ id: acceptances.id })
    .from(acceptances)
    .where(and(...mine));
  return found !== undefined;
}

/** When the organization's agreement took effect. */
export async function effectiveDate(ctx: OrganizationContext): Promise<Date | null> {
  authorize(ctx.actor, "organization.read");
  const [organization] = await ctx.db
    .select({ firstUseAt: organizations.firstUseAt })
    .from(organizations)
    .where(eq(organizations.id, ctx.organizationId));
  const [binding] = await ctx.db
    .select({ at: min(acceptances.acceptedAt) })
    .from(acceptances)
    .where(and(eq(acceptances.organizationId, ctx.organizationId), eq(acceptances.binds, true)));
  return effectiveAt(organization?.firstUseAt ?? null, binding?.at ?? null);
}

/** What this person agreed to, for which person and when: the evidence, as kept. */
export async function myAgreements(ctx: AccountContext): Promise<MyAgreement[]> {
  authorize(ctx.actor, "account.manage");
  return ctx.db
    .select({
      id: acceptances.id,
      organization: organizations.name,
      kind: documents.kind,
      title: documents.title,
      version: acceptances.version,
      sha256: acceptances.sha256,
      acceptedAt: acceptances.acceptedAt,
      binds: acceptances.binds,
    })
    .from(acceptances)
    .innerJoin(documents, eq(documents.id, acceptances.documentId))
    .innerJoin(organizations, eq(organizations.id, acceptances.organizationId))
    .where(eq(acceptances.userId, ctx.actor.id as Id<"user">))
    .orderBy(desc(acceptances.acceptedAt));
}
