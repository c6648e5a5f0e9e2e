import { and, desc, eq, inArray } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { users } from "#db/schema/account.ts";
import { assistanceReads } from "#db/schema/assistance.ts";
import { files } from "#db/schema/files.ts";
import { tickets } from "#db/schema/help.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { namesOf } from "#lib/domain/assistance/changes/commands.ts";
import type { Grant, GrantView, ReadView } from "#lib/domain/assistance/view.ts";

const mostReads = 200;

/** An assistance with the names of people and files, and the pages that were read. */
export const grantView = part(async (ctx: AccountContext, grant: Grant): Promise<GrantView> => {
  const { organizationId, staffIds, fileIds, approvedBy: _approver, endedBy: _ender, ...shown } = grant;
  const [names, fileNames, ticket, reads] = await Promise.all([
    namesOf(ctx, staffIds ?? []),
    fileNamesOf(ctx, organizationId, fileIds ?? []),
    ticketOf(ctx, grant),
    readsOf(ctx, grant),
  ]);
  return {
    ...shown,
    ticket,
    staff: (staffIds ?? []).map((id) => ({ id, name: names.get(id) ?? "a former colleague" })),
    files: (fileIds ?? []).map((id) => ({ id, name: fileNames.get(id) ?? "a deleted file" })),
    reads,
  };
});

async function fileNamesOf(ctx: AccountContext, organizationId: Id<"organization">, ids: readonly Id<"file">[]) {
  if (ids.length === 0) return new Map<string, string>();
  const found = await ctx.db
    .select({ id: files.id, name: files.name })
    .from(files)
    .where(and(eq(files.organizationId, organizationId), inArray(files.id, [...ids])));
  return new Map<string, string>(found.map(({ id, name }) => [id, name]));
}

async function ticketOf(ctx: AccountContext, { organizationId, id }: Grant): Promise<GrantView["ticket"]> {
  const [found] = await ctx.db
    .select({ id: tickets.id, number: tickets.number })
    .from(tickets)
    .where(and(eq(tickets.organizationId, organizationId), eq(tickets.recordId, id)));
  return found ?? null;
}

async function readsOf(ctx: AccountContext, { organizationId, id }: Grant): Promise<ReadView[]> {
  const itsFile = and(eq(files.organizationId, assistanceReads.organizationId), eq(files.id, assistanceReads.fileId));
  return ctx.db
    .select({
      id: assistanceReads.id,
      staffName: users.name,
      fileId: assistanceReads.fileId,
      fileName: files.name,
      firstLine: assistanceReads.firstLine,
      lines: assistanceReads.lines,
      at: assistanceReads.at,
    })
    .from(assistanceReads)
    .innerJoin(users, eq(users.id, assistanceReads.staffId))
    .leftJoin(files, itsFile)
    .where(and(eq(assistanceReads.organizationId, organizationId), eq(assistanceReads.grantId, id)))
    .orderBy(desc(assistanceReads.at), desc(assistanceReads.id))
    .limit(mostReads);
}
