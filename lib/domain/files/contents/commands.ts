import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { type Id, isId, newId, timeOf } from "#db/id.ts";
import { blobs, files } from "#db/schema/files.ts";
import { addDays } from "#lib/core/clock.ts";
import { part } from "#lib/core/command.ts";
import type { AccountContext, OrganizationContext } from "#lib/core/context.ts";
import { AppError, Fault } from "#lib/core/errors.ts";
import { frameBytes, sealFrames } from "#lib/core/keyring/frames.ts";
import { type LastingKey, lastingKey, newLastingKey } from "#lib/core/keyring/lasting.ts";
import { type ByteRange, openStored, openStoredPart, type StoredContent } from "#lib/core/keyring/stored.ts";
import type { Pieces } from "#lib/core/storage/port.ts";
import { storage } from "#lib/core/storage/storage.ts";
import {
  type FilePurpose,
  fileBytesMost,
  LineCount,
  LinePicker,
  markBefore,
  markBytes,
  orphanDays,
} from "#lib/domain/files/rules.ts";
import type { Lines, Received } from "#lib/domain/files/view.ts";
import { blobAt, blobPlace, blobsPrefix } from "#lib/domain/retention/blobs/rules.ts";
import type { CheckReport } from "#lib/engine/datasets/checker.ts";
import { DataSetRun } from "#lib/engine/datasets/link.ts";

const refused = (message: string): AppError => new AppError("invalid", message, { fields: { file: [message] } });
const tooLarge = (): AppError => new AppError("too_large", "This file is larger than 512 MiB, which is the most.");

type Watch = { see: (piece: Uint8Array) => Promise<void> };

/** Seals a content as it comes, never with more of it in memory than a few pieces. What breaks leaves nothing. */
async function sealContent(ctx: OrganizationContext, pieces: Pieces, { see }: Watch): Promise<Omit<Received, "check">> {
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
      await see(piece);
      yield piece;
    }
    if (bytes === 0) throw refused("This file is empty.");
  }
  await storage().write(blobPlace(ctx.organizationId, id), sealFrames({ key, label: id }, watched()));
  const { ends: lineEnds, lines } = count;
  return { id, sha256: hash.digest("hex"), bytes, key: wrapped, lineEnds, lines };
}

/** Receives a content, and has it looked through in another thread meanwhile. */
export const receiveContent = part(
  async (ctx: OrganizationContext, pieces: Pieces, purpose: FilePurpose): Promise<Received> => {
    const run = new DataSetRun({ type: "check", purpose, saved: null });
    let kept: Omit<Received, "check"> | undefined;
    try {
      kept = await sealContent(ctx, pieces, { see: (piece) => run.give(piece) });
      const { report } = await run.finish<CheckReport>();
      return { ...kept, check: report };
    } catch (error) {
      if (kept) await discardContent(ctx, kept);
      throw error;
    } finally {
      run.drop();
    }
  },
);

/** A content that is no data set, such as weights: sealed and kept as it comes. */
export const receiveBytes = part(
  async (ctx: OrganizationContext, pieces: Pieces): Promise<Omit<Received, "check">> =>
    sealContent(ctx, pieces, { see: () => Promise.resolve() }),
);

/** The same for one that was looked through already. */
export const receiveChecked = part(
  async (ctx: OrganizationContext, pieces: Pieces, check: CheckReport): Promise<Received> => ({
    ...(await sealContent(ctx, pieces, { see: () => Promise.resolve() })),
    check,
  }),
);

/** Looks through a received content again, from where it is kept: it is for something else than was thought. */
export const checkAgain = part(
  async (ctx: OrganizationContext, received: Received, purpose: FilePurpose): Promise<Received> => {
    const { organizationId } = ctx;
    const pieces = await framesOf({ organizationId, ...received });
    return { ...received, check: await checkPieces(ctx, pieces, purpose) };
  },
);

/** What looking through a content finds. */
export const checkPieces = part(
  async (_ctx: AccountContext, pieces: Pieces, purpose: FilePurpose): Promise<CheckReport> => {
    const run = new DataSetRun({ type: "check", purpose, saved: null });
    try {
      for await (const piece of pieces) await run.give(piece);
      return (await run.finish<CheckReport>()).report;
    } finally {
      run.drop();
    }
  },
);

/** Removes a content that became no file's. Where the commit's answer was lost, the row says whether it became one. */
export const discardContent = part(async (ctx: OrganizationContext, { id }: Pick<Received, "id">): Promise<void> => {
  const { organizationId } = ctx;
  const isKept = await ctx.db.$count(blobs, and(eq(blobs.organizationId, organizationId), eq(blobs.id, id)));
  if (isKept === 0) await storage().remove(blobPlace(organizationId, id));
});

type Named = { organizationId: Id<"organization">; fileId: Id<"file"> };
type Blob = Pick<typeof blobs.$inferSelect, "organizationId" | "id" | "bytes" | "key" | "lineEnds">;

/** The content of a file. Callers have shown that it may be read. */
export const blobOf = part(
  async (ctx: AccountContext, { organizationId, fileId }: Named): Promise<Blob & { lines: number | null }> => {
    const { id, bytes, key, lineEnds } = blobs;
    const [found] = await ctx.db
      .select({ organizationId: blobs.organizationId, id, bytes, key, lineEnds, lines: files.lines })
      .from(files)
      .innerJoin(blobs, and(eq(blobs.organizationId, files.organizationId), eq(blobs.id, files.blobId)))
      .where(and(eq(files.organizationId, organizationId), eq(files.id, fileId)));
    if (!found) throw new AppError("not_found", "There is no such file.");
    return found;
  },
);

type Kept = Pick<Blob, "organizationId" | "id" | "bytes" | "key">;

/** The key of a content, which everything about it is sealed under. */
export const contentKey = part(
  async (_ctx: AccountContext, { id, key }: Pick<Blob, "id" | "key">): Promise<LastingKey> => {
    if (!key) throw new Fault("A content that has a file has no key.");
    return lastingKey(key, id);
  },
);

function storedOf({ organizationId, id, bytes, key: wrapped }: Kept): StoredContent {
  if (!wrapped) throw new Fault("A content that has a file has no key.");
  return { place: blobPlace(organizationId, id), label: id, wrapped, bytes };
}

const framesOf = async (blob: Kept, from = 0): Promise<AsyncIterable<Buffer>> => openStored(storedOf(blob), from);

/** The content of a file, or a part of it, opened as it is read. Callers have shown that it may be read. */
export const openContent = part(
  async (ctx: AccountContext, named: Named, range?: ByteRange): Promise<AsyncIterable<Buffer>> => {
    const blob = await blobOf(ctx, named);
    return range ? openStoredPart(storedOf(blob), range) : framesOf(blob);
  },
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
    if (isId("blob", id) && timeOf(id) > addDays(ctx.now, -orphanDays)) continue;
    if (isId("blob", id) && (await ctx.db.$count(blobs, eq(blobs.id, id))) > 0) continue;
    await storage().remove(place);
    removed += 1;
  }
  return removed;
});
