import type { Id } from "#db/id.ts";
import { writeAudit } from "#lib/core/audit.ts";
import { command } from "#lib/core/command.ts";
import type { Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { keepFile, noteUse } from "#lib/domain/files/commands.ts";
import { discardContent, openContent, receiveContent } from "#lib/domain/files/contents/commands.ts";
import { mendInput, splitInput } from "#lib/domain/files/input.ts";
import { fileOf } from "#lib/domain/files/queries.ts";
import { reportOf } from "#lib/domain/files/reports/queries.ts";
import type { Received, StoredFile } from "#lib/domain/files/view.ts";
import { DataSetRun } from "#lib/engine/datasets/link.ts";
import type { MendReport } from "#lib/engine/datasets/mend-file.ts";
import type { SplitReport, Work } from "#lib/engine/datasets/messages.ts";
import type { SplitSide } from "#lib/engine/datasets/split-file.ts";
import { type MendOutcome, nameFrom } from "./rules.ts";

/** Mends what has one meaning, into a new file; asked for a dry run, it only says what it would do. */
export const mendFile = command({
  can: "files.write",
  within: "workspace",
  input: mendInput,
  run: async (ctx, { file: named, dryRun }): Promise<{ file: StoredFile | null; outcome: MendOutcome }> => {
    const source = await fileOf(ctx, named);
    const { counts } = await reportOf(ctx, source);
    const work = { type: "mend" as const, isList: (counts.F6 ?? 0) > 0 };
    if (dryRun) return { file: null, outcome: await tried(ctx, source, work) };
    const { received, report } = await remade<MendReport>(ctx, source, work);
    const file = await kept(ctx, source, received, "mended");
    await tell(ctx, "file.mend", source.id, { file: file.id, changed: report.changed, dropped: report.dropped });
    return { file, outcome: outcomeOf(report) };
  },
});

/** Splits a file in two, of which one is to validate with. The same lines fall into the same part each time. */
export const splitFile = command({
  can: "files.write",
  within: "workspace",
  input: splitInput,
  run: async (ctx, { file: named, share, seed }): Promise<Record<SplitSide, StoredFile>> => {
    const source = await fileOf(ctx, named);
    const workOf = (side: SplitSide): Work => ({ type: "split", side, options: { bytes: source.bytes, share, seed } });
    const validation = await remade<SplitReport>(ctx, source, workOf("validation"), tooFew());
    let training: Made<SplitReport>;
    try {
      training = await remade<SplitReport>(ctx, source, workOf("training"), tooFew());
    } catch (error) {
      await discardContent(ctx, validation.received);
      throw error;
    }
    const held = await kept(ctx, source, validation.received, "validation");
    const rest = await kept(ctx, source, training.received, "training");
    await tell(ctx, "file.split", source.id, { training: rest.id, validation: held.id, share, seed });
    return { training: rest, validation: held };
  },
});

const tooFew = () =>
  new AppError(
    "invalid",
    "The file has too few lines for this share: none fell into one of the parts. Try another seed.",
  );

const outcomeOf = ({ changed, dropped, counts, examples }: MendReport): MendOutcome => ({
  changed,
  dropped,
  counts,
  changes: examples,
});

type Made<Report> = { received: Received; report: Report };

/** A new content, made of a file as it passes through the worker. */
async function remade<Report extends { tooLongAt: number | null }>(
  ctx: Context,
  source: StoredFile,
  work: Work,
  empty = new AppError("invalid", "Nothing would be left of this file."),
): Promise<Made<Report>> {
  const passing = new Passing<Report>(work);
  const pieces = passing.through(
    await openContent(ctx, { organizationId: ctx.organizationId, fileId: source.id }),
    empty,
  );
  const received = await receiveContent(ctx, pieces, source.purpose);
  return { received, report: passing.report };
}

/** What mending would do, with nothing kept. */
async function tried(ctx: Context, source: StoredFile, work: Work): Promise<MendOutcome> {
  const passing = new Passing<MendReport>(work);
  const pieces = await openContent(ctx, { organizationId: ctx.organizationId, fileId: source.id });
  for await (const _ of passing.through(pieces, null));
  return outcomeOf(passing.report);
}

class Passing<Report extends { tooLongAt: number | null }> {
  readonly #run: DataSetRun;
  #report: Report | undefined;

  constructor(work: Work) {
    this.#run = new DataSetRun(work);
  }

  get report(): Report {
    if (!this.#report) throw new AppError("unavailable", "This file could not be looked through. Try again.");
    return this.#report;
  }

  /** What becomes of a content, piece by piece; `empty` is thrown where nothing does. */
  async *through(pieces: AsyncIterable<Uint8Array>, empty: AppError | null): AsyncIterable<Uint8Array> {
    let bytes = 0;
    try {
      for await (const piece of pieces) {
        const made = await this.#run.see(piece);
        bytes += made.length;
        if (made.length > 0) yield made;
      }
      const { made, report } = await this.#run.finish<Report>();
      if (report.tooLongAt !== null) throw tooLong(report.tooLongAt);
      this.#report = report;
      if (bytes + made.length === 0 && empty) throw empty;
      if (made.length > 0) yield made;
    } finally {
      this.#run.drop();
    }
  }
}

const tooLong = (line: number) =>
  new AppError("invalid", `Line ${line} is longer than 4 MiB. Shorten it first.`, { code: "line_too_long" });

async function kept(
  ctx: Context,
  source: StoredFile,
  received: Received,
  made: Parameters<typeof nameFrom>[1],
): Promise<StoredFile> {
  const { purpose, visibility, isDraft } = source;
  try {
    const input = { file: nameFrom(source.name, made), purpose, visibility };
    return await keepFile(ctx, input, received, { keepsDraft: isDraft });
  } catch (error) {
    await discardContent(ctx, received);
    throw error;
  }
}

/** Who makes files of a file uses it, and its history says so. */
async function tell(
  ctx: Context,
  action: "file.mend" | "file.split",
  id: Id<"file">,
  after: Record<string, unknown>,
): Promise<void> {
  await noteUse(ctx, id);
  await writeAudit(ctx, { action, object: { type: "file", id }, after, clause: "T-4.2.3-1" });
}
