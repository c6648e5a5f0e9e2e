import { buffer } from "node:stream/consumers";
import { and, eq } from "drizzle-orm";
import type { Id } from "#db/id.ts";
import { ticketFiles, tickets } from "#db/schema/help.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import type { SentKind } from "#lib/core/sent-files.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { isSeen } from "#lib/domain/help/queries.ts";
import { helpSealer } from "#lib/domain/help/sealing/queries.ts";
import { storageKey } from "./rules.ts";
import type { ReadFile } from "./view.ts";

const joined = and(eq(tickets.organizationId, ticketFiles.organizationId), eq(tickets.id, ticketFiles.ticketId));

async function read(file: typeof ticketFiles.$inferSelect | undefined): Promise<ReadFile> {
  if (!file) throw new AppError("not_found", "There is no such file.");
  const { organizationId, id, name, kind, size } = file;
  const sealer = await helpSealer(file);
  return {
    id,
    name,
    kind: kind as SentKind,
    size,
    bytes: sealer.openBytes(await buffer(await storage().read(storageKey(organizationId, id))), id),
  };
}

/** A file of a ticket, for who sees the ticket. One that waits for its message is no one's to read. */
export async function ticketFile(
  ctx: OrganizationContext,
  ticketId: Id<"ticket">,
  id: Id<"ticketFile">,
): Promise<ReadFile> {
  authorize(ctx.actor, "help.read");
  const { organizationId } = ctx;
  const named = and(eq(ticketFiles.id, id), eq(ticketFiles.ticketId, ticketId));
  const [found] = await ctx.db
    .select({ file: ticketFiles })
    .from(ticketFiles)
    .innerJoin(tickets, joined)
    .where(and(eq(ticketFiles.organizationId, organizationId), named, isSeen(ctx)));
  return read(found?.file);
}

/** The same for staff. A ticket is addressed to them, so no reason is asked for. */
export async function ticketFileForStaff(
  ctx: AccountContext,
  ticketId: Id<"ticket">,
  id: Id<"ticketFile">,
): Promise<ReadFile> {
  authorize(ctx.actor, "tickets.decide");
  const [found] = await ctx.db
    .select({ file: ticketFiles })
    .from(tickets)
    .innerJoin(ticketFiles, joined)
    .where(and(eq(tickets.id, ticketId), eq(ticketFiles.id, id)));
  return read(found?.file);
}
