import { and, eq, inArray, sql } from "drizzle-orm";
import { newId } from "#db/id.ts";
import { documents, publications } from "#db/schema/terms.ts";
import { ofProvider, writeAudit } from "#lib/core/audit.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { DocumentKind } from "#lib/domain/terms/input.ts";
import type { Draft } from "#lib/domain/terms/rules.ts";

/** Changes of one document follow each other, whoever makes them. */
export const lockKind = part(async (ctx: AccountContext, kind: DocumentKind): Promise<void> => {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(hashtext(${`publications:${kind}`}))`);
});

/**
 * Adds a version where there is none of its number: the first of its kind is in force at once, every later one is a draft,
 * in the place of a draft that was not announced. Null: a version of this number is here.
 */
export const addVersion = part(
  async (ctx: AccountContext, kind: DocumentKind, draft: Draft): Promise<"published" | "drafted" | null> => {
    await lockKind(ctx, kind);
    const known = await ctx.db.select({ version: documents.version }).from(documents).where(eq(documents.kind, kind));
    const { textSha256: _, effectiveFrom, ...text } = draft;
    if (known.some(({ version }) => version === draft.version)) return null;
    const newest = Math.max(0, ...known.map(({ version }) => version));
    if (draft.version < newest)
      throw new AppError("conflict", `Version ${newest} is here already. Give the new text version ${newest + 1}.`);
    const isFirst = known.length === 0;
    const from = isFirst ? (effectiveFrom ?? ctx.now) : null;
    const documentId = newId("document", ctx.now);
    await ctx.db.insert(documents).values({ ...text, id: documentId, kind, effectiveFrom: from, createdAt: ctx.now });
    await ctx.db
      .update(publications)
      .set({ state: "withdrawn" })
      .where(and(eq(publications.kind, kind), inArray(publications.state, ["draft", "approved"])));
    const id = newId("publication", ctx.now);
    await ctx.db.insert(publications).values({
      ...{ id, documentId, kind, version: draft.version, by: ctx.actor.id, createdAt: ctx.now },
      ...(from ? { change: "first", state: "in_force", effectiveAt: from } : { state: "draft" }),
    });
    await writeAudit(ofProvider(ctx), {
      action: isFirst ? "terms.publish" : "terms.draft",
      object: { type: "publication", id },
      after: { kind, version: draft.version, sha256: draft.sha256 },
      clause: "T-2-INC",
    });
    return isFirst ? "published" : "drafted";
  },
);
