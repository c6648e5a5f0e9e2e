import { sql } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext } from "#lib/core/context.ts";
import type { DocumentKind } from "#lib/domain/terms/input.ts";
import type { DocumentTitle } from "#lib/domain/terms/view.ts";

type Row = Pick<DocumentTitle, "id" | "kind" | "version" | "title" | "summary" | "sha256" | "change"> & {
  publication: Id<"publication"> | null;
  what_changes: string | null;
  // Numbers: how a raw row spells an instant depends on who else uses the connection.
  general_ms: number | null;
  announced_ms: number | null;
  planned_ms: number | null;
  starts_ms: number | null;
  ends_ms: number | null;
};

const instantOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** The versions of a document, newest first, with their dates for an organization; without one, for who comes now. */
export async function versionsOf(
  ctx: AccountContext,
  kind: DocumentKind,
  organizationId: Id<"organization"> | null = null,
): Promise<DocumentTitle[]> {
  authorize(ctx.actor, "account.open");
  const rows =
    await ctx.db.execute<Row>(sql`select id, kind, version, title, summary, sha256, change, publication, what_changes,
      instant_ms(general_at) as general_ms, instant_ms(announced_at) as announced_ms, instant_ms(planned_at) as planned_ms,
      instant_ms(starts_at) as starts_ms, instant_ms(ends_at) as ends_ms
    from document_versions(${organizationId}) where kind = ${kind} order by version desc`);
  return Array.from(rows, (row) => ({
    ...{ id: row.id, kind: row.kind, version: row.version, title: row.title, summary: row.summary, sha256: row.sha256 },
    effectiveFrom: instantOf(row.general_ms),
    announcedAt: instantOf(row.announced_ms),
    plannedAt: instantOf(row.planned_ms),
    change: row.change,
    whatChanges: row.what_changes,
    publicationId: row.publication,
    startsAt: instantOf(row.starts_ms),
    endsAt: instantOf(row.ends_ms),
  }));
}
