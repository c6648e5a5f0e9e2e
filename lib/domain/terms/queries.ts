import { and, desc, eq, isNull, min } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { agreements } from "#db/schema/contract.ts";
import { organizations } from "#db/schema/organizations.ts";
import { acceptances, documents } from "#db/schema/terms.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { type AgreedKind, type Agreement, type DocumentKind, documentKinds } from "./input.ts";
import { effectiveAt } from "./rules.ts";
import { versionsOf } from "./versions/queries.ts";
import type { DocumentTitle, MyAgreement } from "./view.ts";

export type Document = typeof documents.$inferSelect;

/** The version in force for everyone whose notice was given: what the public pages show. */
export async function documentInForce(ctx: AccountContext, kind: DocumentKind): Promise<DocumentTitle> {
  authorize(ctx.actor, "account.open");
  const versions = await versionsOf(ctx, kind);
  return published(versions.find(({ effectiveFrom }) => effectiveFrom !== null && effectiveFrom <= ctx.now));
}

/** What someone who comes now agrees to: the newest version that is announced or in force (T-7-SUB). */
export async function documentForNewcomers(ctx: AccountContext, kind: DocumentKind): Promise<DocumentTitle> {
  authorize(ctx.actor, "account.open");
  const versions = await versionsOf(ctx, kind);
  const newest = published(holding(versions, ctx.now));
  const until = newest.effectiveFrom ?? newest.plannedAt;
  const former = versions.find(({ effectiveFrom }) => effectiveFrom !== null && effectiveFrom <= ctx.now);
  if (!former || !until || former.version >= newest.version) return newest;
  return { ...newest, former: { version: former.version, until: until.toISOString() } };
}

/** T-2-INC: the version that holds for this customer at an instant. */
export async function documentFor(
  ctx: OrganizationContext,
  kind: DocumentKind,
  at: Date = ctx.now,
): Promise<DocumentTitle> {
  authorize(ctx.actor, "account.manage");
  return published(holding(await versionsOf(ctx, kind, ctx.organizationId), at));
}

/** The newest of those that have begun; earlier ones end with it, whatever their own dates. */
const holding = (versions: readonly DocumentTitle[], at: Date): DocumentTitle | undefined =>
  versions.find(({ startsAt }) => startsAt !== null && startsAt <= at);

function published(document: DocumentTitle | undefined): DocumentTitle {
  if (!document) throw new AppError("unavailable", "The contract documents have not been published yet.");
  return document;
}

/** The terms a page showed, if they can be agreed to now; otherwise the click on them counts for nothing. */
export async function termsOnPage(
  ctx: AccountContext | OrganizationContext,
  { documentId, sha256 }: Agreement,
  kind: AgreedKind = "terms",
): Promise<DocumentTitle> {
  authorize(ctx.actor, "account.open");
  const open = "organizationId" in ctx ? await openTo(ctx, kind) : [await documentForNewcomers(ctx, kind)];
  const shown = open.find((document) => document.id === documentId && document.sha256 === sha256);
  if (shown) return shown;
  const version = open[0]?.version;
  throw new AppError(
    "conflict",
    `The terms changed while this page was open. Read version ${version} and tick the box again.`,
    {
      code: "terms_changed",
      fields: { agree: [`Version ${version} was published after you opened this page.`] },
    },
  );
}

/** What an organization can agree to: what holds for it, what is announced to it, and as a newcomer what is announced. */
async function openTo(ctx: OrganizationContext, kind: AgreedKind): Promise<DocumentTitle[]> {
  const versions = await versionsOf(ctx, kind, ctx.organizationId);
  const running = await ctx.db.$count(
    agreements,
    and(eq(agreements.organizationId, ctx.organizationId), isNull(agreements.endedAt)),
  );
  const now = published(holding(versions, ctx.now));
  const newest = versions.find(({ announcedAt, startsAt }) => announcedAt !== null || startsAt !== null);
  const pending = newest && newest.version > now.version ? [newest] : [];
  return running > 0 ? [now, ...pending] : [...pending, now];
}

/** Every version of every document, newest first; also those that are announced and not in force yet. */
export async function documentVersions(ctx: AccountContext): Promise<DocumentTitle[]> {
  authorize(ctx.actor, "account.open");
  const kinds = await Promise.all(documentKinds.map((kind) => versionsOf(ctx, kind)));
  return kinds.flat().filter(({ startsAt }) => startsAt !== null);
}

/** T-2-INC: one version, however old; the one in force when no version is named. Drafts are no one's to read. */
export async function documentText(ctx: AccountContext, kind: DocumentKind, version?: number): Promise<Document> {
  authorize(ctx.actor, "account.open");
  const wanted = version ?? (await documentInForce(ctx, kind)).version;
  const isPublic = (await versionsOf(ctx, kind)).some((one) => one.version === wanted && one.startsAt !== null);
  const [document] = isPublic
    ? await ctx.db
        .select()
        .from(documents)
        .where(and(eq(documents.kind, kind), eq(documents.version, wanted)))
    : [];
  if (!document) throw new AppError("not_found", "There is no such version of this document.");
  return document;
}

/** Whether this person has agreed, for this organization, to the terms, or to those of the chat, in any version. */
export async function hasAgreed(ctx: OrganizationContext, kind: AgreedKind = "terms"): Promise<boolean> {
  authorize(ctx.actor, "account.manage");
  const [found] = await ctx.db
    .select({ id: acceptances.id })
    .from(acceptances)
    .innerJoin(documents, eq(documents.id, acceptances.documentId))
    .where(
      and(
        eq(acceptances.organizationId, ctx.organizationId),
        eq(documents.kind, kind),
        eq(acceptances.userId, ctx.actor.id as Id<"user">),
      ),
    )
    .limit(1);
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
