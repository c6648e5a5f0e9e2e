import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { type Id, isId, newId, timeOf } from "#db/id.ts";
import { blobs, files } from "#db/schema/files.ts";
import { addDays } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { frameBytes, sealFrames } from "#lib/core/keyring/frames.ts";
import { newLastingKey } from "#lib/core/keyring/lasting.ts";
import { openStored } from "#lib/core/keyring/stored.ts";
import type { Pieces } from "#lib/core/storage/port.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { fileBytesMost, LineCount, LinePicker, markBefore, markBytes } from "#lib/domain/files/rules.ts";
import type { Lines, Received } from "#lib/domain/files/view.ts";
import { blobAt, blobPlace, blobsPrefix } from "#lib/domain/retention/blobs/rules.ts";

const refused = (message: string): AppError => new AppError("invalid", message, { fields: { file: [message] } });
const tooLarge = (): AppError => new AppError("too_large", "This file is larger than 512 MB, which is the most.");

/** Receives a content and seals it as it comes, never with more of it in memory than a few pieces. What breaks leaves nothing. */
export const receiveContent = part(async (ctx: OrganizationContext, pieces: Pieces): Promise<Received> => {
  const id = newId("blob", ctx.now);
  const { key, wrapped } = await newLastingKey(id);
  const hash = createHash("sha256");
  const count = new LineCount();
  let bytes = 0;
  async function* watched(): AsyncIterable<Uint8Array> {
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > fileBytesMost) throw tooLarge();
      hash.update(piece);
      count.see(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
      yield piece;
    }
    if (bytes === 0) throw refused("This file is empty.");
  }
  await storage().write(blobPlace(ctx.organizationId, id), sealFrames({ key, label: id }, watched()));
  const { ends: lineEnds, lines, firstLine } = count;
  return { id, sha256: hash.digest("hex"), bytes, key: wrapped, lineEnds, lines, firstLine };
});

/** Removes a content that became no file's. */
export const discardContent = part(
  (ctx: OrganizationContext, { id }: Pick<Received, "id">): Promise<void> =>
    storage().remove(blobPlace(ctx.organizationId, id)),
);

type Named = { organizationId: Id<"organization">; fileId: Id<"file"> };
type Blob = Pick<typeof blobs.$inferSelect, "organizationId" | "id" | "bytes" | "key" | "lineEnds">;

async function blobOf(
  ctx: AccountContext,
  { organizationId, fileId }: Named,
): Promise<Blob & { lines: number | null }> {
  const { id, bytes, key, lineEnds } = blobs;
  const [found] = await ctx.db
    .select({ organizationId: blobs.organizationId, id, bytes, key, lineEnds, lines: files.lines })
    .from(files)
    .innerJoin(blobs, and(eq(blobs.organizationId, files.organizationId), eq(blobs.id, files.blobId)))
    .where(and(eq(files.organizationId, organizationId), eq(files.id, fileId)));
  if (!found) throw new AppError("not_found", "There is no such file.");
  return found;
}

async function framesOf({ organizationId, id, bytes, key: wrapped }: Blob, from = 0): Promise<AsyncIterable<Buffer>> {
  if (!wrapped) throw new Fault("A content that has a file has no key.");
  return openStored({ place: blobPlace(organizationId, id), label: id, wrapped, bytes }, from);
}

/** The whole content of a file, opened as it is read. Callers have shown that it may be read. */
export const openContent = part(
  async (ctx: AccountContext, named: Named): Promise<AsyncIterable<Buffer>> => framesOf(await blobOf(ctx, named)),
);

/** Some lines of a file, from one on, counted from 0: only what is needed is opened. Callers have shown that it may be read. */
export const openLines = part(
  async (ctx: AccountContext, named: Named, from: number, count: number): Promise<Lines> => {
    const blob = await blobOf(ctx, named);
    const { lines: total } = blob;
    if (total === null) throw new AppError("invalid", "This file has no lines.");
    if (from >= total || count < 1) return { lines: [], from, total };
    const { mark, skip } = markBefore(blob.lineEnds, from);
    const picker = new LinePicker(from, count, skip);
    for await (const frame of await framesOf(blob, (mark * markBytes) / frameBytes)) {
      picker.see(frame);
      if (picker.isDone) break;
    }
    picker.finish();
    return { lines: picker.lines, from, total };
  },
);

/** Removes objects that no content names, such as those of uploads whose process died. */
export const sweepOrphans = part(async (ctx: AccountContext): Promise<number> => {
  let removed = 0;
  for await (const place of storage().list(blobsPrefix)) {
    const id = blobAt(place);
    // One that is new is perhaps still being received.
    if (isId("blob", id) && timeOf(id) > addDays(ctx.now, -1)) continue;
    if (isId("blob", id) && (await ctx.db.$count(blobs, eq(blobs.id, id))) > 0) continue;
    await storage().remove(place);
    removed += 1;
  }
  return removed;
});
