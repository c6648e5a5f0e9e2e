import { and, desc, eq, inArray, lt } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { documents, publications } from "#db/schema/terms.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { Publication } from "./view.ts";

/** Every version with its state, newest first. */
export async function publicationsOf(ctx: AccountContext): Promise<Publication[]> {
  authorize(ctx.actor, "terms.decide");
  return ctx.db.select().from(publications).orderBy(desc(publications.createdAt), desc(publications.version));
}

export type PublicationTexts = { publication: Publication; title: string; body: string; before: string | null };

/** One version with its text and that of the version it takes the place of: what a decision is about. */
export async function publicationTexts(ctx: AccountContext, id: Id<"publication">): Promise<PublicationTexts> {
  authorize(ctx.actor, "terms.decide");
  const [found] = await ctx.db
    .select({ publication: publications, title: documents.title, body: documents.body })
    .from(publications)
    .innerJoin(documents, eq(documents.id, publications.documentId))
    .where(eq(publications.id, id));
  if (!found) throw new AppError("not_found", "There is no such publication.");
  const { kind, version } = found.publication;
  const [before] = await ctx.db
    .select({ body: documents.body })
    .from(documents)
    .innerJoin(publications, eq(publications.documentId, documents.id))
    .where(
      and(
        eq(publications.kind, kind),
        lt(publications.version, version),
        inArray(publications.state, ["announced", "in_force", "replaced"]),
      ),
    )
    .orderBy(desc(publications.version))
    .limit(1);
  return { ...found, before: before?.body ?? null };
}
