import { and, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import { type Id, isId, newId, timeOf } from "#db/id.ts";
import { ticketFiles } from "#db/schema/help.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { command, part } from "#lib/core/command.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { fileNameOf } from "#lib/core/file-name.ts";
import { refuseInfected } from "#lib/core/scanner.ts";
import { sha256 } from "#lib/core/secrets.ts";
import { kindOf, sentKinds } from "#lib/core/sent-files.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { newHelpSealer } from "#lib/domain/help/sealing/queries.ts";
import {
  fileBytes,
  fileOfKey,
  messageLimits,
  mostWaiting,
  storageKey,
  storagePrefix,
  ticketBytes,
  waitingMinutes,
} from "./rules.ts";
import type { SentFile } from "./view.ts";

const refused = (message: string): AppError => new AppError("invalid", message, { fields: { files: [message] } });

type Sent = { name: string; bytes: Buffer };

/** Keeps a file until a message takes it up: the sealed bytes first, so that no row names what is not there. */
export const keepWaiting = part(async (ctx: OrganizationContext, sent: Sent): Promise<SentFile> => {
  const { organizationId } = ctx;
  const name = fileNameOf(sent.name);
  if (sent.bytes.length === 0) throw refused(`${name} is empty.`);
  if (sent.bytes.length > fileBytes)
    throw refused(`${name} is too big: at most ${messageLimits.megabytesEach} MB each.`);
  const kind = kindOf(name, sent.bytes, sentKinds);
  if (!kind) throw refused(`${name} is not of a kind that can be sent, or its content is another than its name says.`);
  const waiting = and(
    eq(ticketFiles.organizationId, organizationId),
    eq(ticketFiles.uploadedBy, ctx.actor.id),
    isNull(ticketFiles.messageId),
  );
  if ((await ctx.db.$count(ticketFiles, waiting)) >= mostWaiting)
    throw new AppError("conflict", "Too many files wait for a message. Send it, or try again in an hour.");
  await refuseInfected(name, sent.bytes);
  const id = newId("ticketFile", ctx.now);
  const sealer = await newHelpSealer(id);
  await storage().write(storageKey(organizationId, id), [sealer.bytes(sent.bytes, id)]);
  const size = sent.bytes.length;
  await ctx.db.insert(ticketFiles).values({
    organizationId,
    id,
    key: sealer.wrapped,
    uploadedBy: ctx.actor.id,
    uploadedAt: ctx.now,
    name,
    kind,
    size,
    sha256: sha256(sent.bytes),
  });
  return { id, name, kind, size };
});

/** A customer's file, before the message it goes with. */
export const uploadFile = command({
  can: "help.write",
  within: "organization",
  run: (ctx, sent: Sent): Promise<SentFile> => keepWaiting(ctx, sent),
});

type Taking = { ticketId: Id<"ticket">; messageId: Id<"ticketMessage"> };

/** Gives waiting files to a message: only the sender's own, and no more than a ticket can have. The ticket is locked. */
export const takeFiles = part(
  async (ctx: OrganizationContext, to: Taking, ids: readonly Id<"ticketFile">[]): Promise<void> => {
    if (ids.length === 0) return;
    const { organizationId } = ctx;
    const wanted = [...new Set(ids)];
    const taken = await ctx.db
      .update(ticketFiles)
      .set(to)
      .where(
        and(
          eq(ticketFiles.organizationId, organizationId),
          inArray(ticketFiles.id, wanted),
          eq(ticketFiles.uploadedBy, ctx.actor.id),
          isNull(ticketFiles.messageId),
        ),
      )
      .returning({ id: ticketFiles.id });
    if (taken.length < wanted.length)
      throw refused("A file waited for more than an hour and is gone. Choose it again.");
    const [held] = await ctx.db
      .select({ bytes: sql<number>`coalesce(sum(${ticketFiles.size}), 0)::int` })
      .from(ticketFiles)
      .where(and(eq(ticketFiles.organizationId, organizationId), eq(ticketFiles.ticketId, to.ticketId)));
    if ((held?.bytes ?? 0) > ticketBytes) throw refused("The files of a ticket come to 50 MB at most.");
  },
);

/** Deletes what waited in vain: the object first, so that a failure leaves a row to try again with. */
export const sweepFiles = part(async (ctx: AccountContext): Promise<void> => {
  const old = await ctx.db
    .select({ organizationId: ticketFiles.organizationId, id: ticketFiles.id })
    .from(ticketFiles)
    .where(and(isNull(ticketFiles.messageId), lt(ticketFiles.uploadedAt, addMinutes(ctx.now, -waitingMinutes))))
    .limit(1000);
  for (const { organizationId, id } of old) {
    const isWaiting = and(
      eq(ticketFiles.organizationId, organizationId),
      eq(ticketFiles.id, id),
      isNull(ticketFiles.messageId),
    );
    await ctx.db.transaction(async (tx) => {
      const [mine] = await tx.select({ id: ticketFiles.id }).from(ticketFiles).where(isWaiting).for("update");
      if (!mine) return;
      await storage().remove(storageKey(organizationId, id));
      await tx.delete(ticketFiles).where(isWaiting);
    });
  }
});

/** Deletes objects that no row names, such as those whose message was undone. */
export const sweepOrphans = part(async (ctx: AccountContext): Promise<number> => {
  let removed = 0;
  for await (const key of storage().list(storagePrefix)) {
    const id = fileOfKey(key);
    const isNew = isId("ticketFile", id) && timeOf(id) > addMinutes(ctx.now, -waitingMinutes);
    if (isNew || (isId("ticketFile", id) && (await ctx.db.$count(ticketFiles, eq(ticketFiles.id, id))) > 0)) continue;
    await storage().remove(key);
    removed += 1;
  }
  return removed;
});
