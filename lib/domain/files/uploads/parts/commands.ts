import { createHmac, createSecretKey } from "node:crypto";
import { part } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { openFrames, sealFrames } from "#lib/core/keyring/frames.ts";
import { type LastingKey, lastingKey, openLastingBytes, sealLastingBytes } from "#lib/core/keyring/lasting.ts";
import type { Pieces } from "#lib/core/storage/port.ts";
import { storage } from "#lib/core/storage/storage.ts";
import { refusalOf } from "#lib/domain/files/checking/rules.ts";
import { keepFile } from "#lib/domain/files/commands.ts";
import { discardContent, receiveChecked } from "#lib/domain/files/contents/commands.ts";
import { fileOf } from "#lib/domain/files/queries.ts";
import { endUpload, noteFile, notePart } from "#lib/domain/files/uploads/commands.ts";
import type { Upload } from "#lib/domain/files/uploads/queries.ts";
import {
  partBytes,
  partLabel,
  partName,
  partOf,
  stateLabel,
  stateName,
  uploadPlace,
} from "#lib/domain/files/uploads/rules.ts";
import type { Received, StoredFile } from "#lib/domain/files/view.ts";
import type { CheckReport } from "#lib/engine/datasets/checker.ts";
import { DataSetRun } from "#lib/engine/datasets/link.ts";

/** Says that what came is not taken, with all that was found. */
export class DataSetRefused extends AppError {
  readonly check: CheckReport;

  constructor(check: CheckReport, message: string) {
    super("invalid", message, { code: "data_set_refused" });
    this.check = check;
  }
}

/**
 * Takes what comes of an upload, and keeps it part by part, so that what a broken request has brought is not lost. Says how
 * far it is; what broke the request is thrown once the rest is kept.
 */
export const receiveParts = part(async (ctx: Context, taken: Upload, pieces: Pieces): Promise<Upload> => {
  const run = await checkOf(ctx, taken);
  let upload = taken;
  try {
    for await (const bytes of inParts(pieces)) {
      if (upload.offset + bytes.length > upload.bytes) throw tooMuch();
      upload = await keepPart(ctx, upload, run, bytes);
    }
    return upload;
  } finally {
    run.drop();
  }
});

/** Whole parts, and what there is of the last; where the pieces break off, that is thrown after it. */
async function* inParts(pieces: Pieces): AsyncIterable<Buffer> {
  let held: Buffer[] = [];
  let room = partBytes;
  let broken: { error: unknown } | undefined;
  try {
    for await (const piece of pieces) {
      for (let at = 0; at < piece.length; ) {
        const more = Buffer.from(piece.subarray(at, at + room));
        held.push(more);
        room -= more.length;
        at += more.length;
        if (room > 0) continue;
        yield Buffer.concat(held);
        [held, room] = [[], partBytes];
      }
    }
  } catch (error) {
    broken = { error };
  }
  if (held.length > 0) yield Buffer.concat(held);
  if (broken) throw broken.error;
}

const tooMuch = (): AppError => new AppError("too_large", "More came than the upload was said to have.");

/** The check as the last part left it. */
async function checkOf(ctx: Context, upload: Upload): Promise<DataSetRun> {
  const index = upload.parts.length - 1;
  const last = upload.parts[index];
  const saved = last === undefined ? null : await openState(ctx, upload, index, partOf(last).number);
  return new DataSetRun({ type: "check", purpose: upload.purpose, saved });
}

async function openState(_ctx: Context, upload: Upload, index: number, number: number): Promise<Buffer> {
  const key = await lastingKey(upload.key, upload.id);
  const pieces: Uint8Array[] = [];
  const stored = await storage().read(`${uploadPlace(upload)}${stateName(index, { number })}`);
  for await (const piece of stored) pieces.push(piece);
  return openLastingBytes(key, Buffer.concat(pieces), stateLabel(upload.id, index, { number }));
}

/** Each part has a key of its own, because a key seals one content once. */
const sealingOf = ({ key }: LastingKey, label: string) => ({
  key: createSecretKey(createHmac("sha256", key).update(label).digest()),
  label,
});

/** In storage first, then in the row: who dies in between leaves an object that nothing names. */
async function keepPart(ctx: Context, upload: Upload, run: DataSetRun, bytes: Buffer): Promise<Upload> {
  const index = upload.parts.length;
  const key = await lastingKey(upload.key, upload.id);
  const place = uploadPlace(upload);
  const sealing = sealingOf(key, partLabel(upload.id, index, upload));
  await run.give(bytes);
  const saved = await run.save();
  await storage().write(place + partName(index, upload), sealFrames(sealing, [bytes]));
  const state = sealLastingBytes(key, Buffer.from(saved), stateLabel(upload.id, index, upload));
  await storage().write(place + stateName(index, upload), [state]);
  const { good: goodLines, bad: badLines, problems } = run.soFar;
  try {
    const noted = await notePart(ctx, upload, { bytes: bytes.length, goodLines, badLines, problems });
    await dropState(upload, index - 1);
    return noted;
  } catch (error) {
    // A later request goes on from before this part, so no one will ask for it.
    if (error instanceof AppError)
      for (const name of [partName, stateName]) await storage().remove(place + name(index, upload));
    throw error;
  }
}

/** What the checker knew after a part is not needed once it knows more. */
async function dropState(upload: Upload, index: number): Promise<void> {
  const text = upload.parts[index];
  if (text !== undefined) await storage().remove(uploadPlace(upload) + stateName(index, partOf(text)));
}

/**
 * Makes the file of an upload that is whole. Whoever asks again gets the same file: the same content under the same name is
 * the file that is there.
 */
export const finishUpload = part(async (ctx: Context, upload: Upload): Promise<StoredFile> => {
  if (upload.fileId) return fileOf(ctx, upload.fileId);
  const run = await checkOf(ctx, upload);
  const { report } = await run.finish<CheckReport>().finally(() => run.drop());
  const refusal = refusalOf(report);
  if (refusal !== null && !upload.isFromConsole) {
    await endUpload(ctx, { upload: upload.id });
    throw new DataSetRefused(report, refusal);
  }
  const made = await keepWhole(ctx, upload, await receiveChecked(ctx, partsOf(upload), report));
  await noteFile(ctx, upload, made.id);
  return made;
});

async function keepWhole(ctx: Context, upload: Upload, received: Received): Promise<StoredFile> {
  const { name: file, purpose, visibility, expiryHours } = upload;
  const about = { file, purpose, visibility, ...(expiryHours !== null && { expiry: expiryHours }) };
  try {
    return await keepFile(ctx, about, received, { keepsDraft: upload.isFromConsole });
  } catch (error) {
    await discardContent(ctx, received);
    throw error;
  }
}

/** Everything that was sent, in order. */
async function* partsOf(upload: Upload): AsyncIterable<Uint8Array> {
  const key = await lastingKey(upload.key, upload.id);
  for (const [index, text] of upload.parts.entries()) {
    const part = partOf(text);
    const stored = await storage().read(uploadPlace(upload) + partName(index, part));
    yield* openFrames(sealingOf(key, partLabel(upload.id, index, part)), { bytes: part.bytes, from: 0 }, stored);
  }
}
