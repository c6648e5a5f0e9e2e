import { buffer } from "node:stream/consumers";
import { and, eq, isNull } from "drizzle-orm";
import { ticketFiles, ticketMessages, ticketNotes, ticketRatings, tickets } from "#db/schema/help.ts";
import { command } from "#lib/core/command.ts";
import { type AccountContext, transaction } from "#lib/core/context.ts";
import { open } from "#lib/core/secrets.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { storageKey } from "#lib/domain/help/files/rules.ts";
import { newHelpSealer } from "./queries.ts";

const batchSize = 50;

/** Seals tickets and their files of before they had keys of their own, in batches. Does nothing where there are none. */
export const sealTickets = command({
  can: "system.operate",
  within: "account",
  run: async (ctx): Promise<number> => {
    let sealed = 0;
    for (let found = batchSize; found === batchSize; sealed += found)
      found = await transaction(ctx, (ctx) => someTickets(ctx));
    while (await sealFile(ctx)) sealed++;
    return sealed;
  },
});

async function someTickets(ctx: AccountContext): Promise<number> {
  const found = await ctx.db
    .select()
    .from(tickets)
    .where(isNull(tickets.key))
    .limit(batchSize)
    .for("update", { skipLocked: true });
  for (const one of found) await sealTicket(ctx, one);
  return found.length;
}

async function sealTicket(ctx: AccountContext, one: typeof tickets.$inferSelect): Promise<void> {
  const sealer = await newHelpSealer(one.id);
  const anew = (bytes: Buffer | null, id: string) => bytes && sealer.text(open(bytes, id).toString(), id);
  for (const table of [ticketMessages, ticketNotes]) {
    const its = and(eq(table.organizationId, one.organizationId), eq(table.ticketId, one.id));
    for (const { id, body } of await ctx.db.select({ id: table.id, body: table.body }).from(table).where(its))
      if (body)
        await ctx.db
          .update(table)
          .set({ body: sealer.text(open(body, id).toString(), id) })
          .where(and(its, eq(table.id, id)));
  }
  const rated = and(eq(ticketRatings.organizationId, one.organizationId), eq(ticketRatings.ticketId, one.id));
  const [rating] = await ctx.db.select().from(ticketRatings).where(rated);
  if (rating)
    await ctx.db
      .update(ticketRatings)
      .set({ words: anew(rating.words, one.id) })
      .where(rated);
  await ctx.db
    .update(tickets)
    .set({ key: sealer.wrapped, details: sealer.text(open(one.details, one.id).toString(), one.id) })
    .where(and(eq(tickets.organizationId, one.organizationId), eq(tickets.id, one.id)));
}

/** The key is kept first: one that was lost would take the file with it. Until its object is written, the former seal opens it. */
async function sealFile(ctx: AccountContext): Promise<boolean> {
  const [file] = await ctx.db
    .select({ organizationId: ticketFiles.organizationId, id: ticketFiles.id })
    .from(ticketFiles)
    .where(isNull(ticketFiles.key))
    .limit(1);
  if (!file) return false;
  const { organizationId, id } = file;
  const sealer = await newHelpSealer(id);
  const its = and(eq(ticketFiles.organizationId, organizationId), eq(ticketFiles.id, id), isNull(ticketFiles.key));
  const mine = await ctx.db
    .update(ticketFiles)
    .set({ key: sealer.wrapped })
    .where(its)
    .returning({ id: ticketFiles.id });
  if (mine.length === 0) return true;
  const object = storageKey(organizationId, id);
  const sealed = await buffer(await storage().read(object));
  await storage().write(object, [sealer.bytes(open(sealed, id), id)]);
  return true;
}
