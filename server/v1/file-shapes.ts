import { z } from "zod";
import { uuidOf } from "#db/id.ts";
import { namedProblems, problemWords, refusalOf } from "#lib/domain/files/checking/rules.ts";
import { filePurpose, fileSource, fileVisibility, sampleType } from "#lib/domain/files/input.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";
import type { Wire } from "#lib/gateway/http/signed-endpoint.ts";
import { invalidBody } from "#lib/gateway/http/wire-error.ts";

export const fileShape = z.object({
  id: z.uuid(),
  object: z.literal("file"),
  bytes: z.number().int(),
  created_at: z.number().int().describe("Unix seconds."),
  filename: z.string(),
  purpose: filePurpose,
  sample_type: sampleType,
  num_lines: z.number().int().nullable(),
  mimetype: z.string().nullable(),
  source: fileSource,
  signature: z.string().nullable().describe("SHA-256 of the content."),
  expires_at: z.number().int().nullable().describe("Unix seconds. It moves on when the file is used."),
  visibility: fileVisibility.nullable(),
});

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);

export const shapeOf = (file: StoredFile): z.output<typeof fileShape> => ({
  id: uuidOf(file.id),
  object: "file",
  bytes: file.bytes,
  created_at: seconds(file.createdAt),
  filename: file.name,
  purpose: file.purpose,
  sample_type: file.sampleType,
  num_lines: file.lines,
  mimetype: "application/jsonl",
  source: file.source,
  signature: file.sha256,
  expires_at: seconds(file.expiresAt),
  visibility: file.visibility,
});

type Check = Parameters<typeof refusalOf>[0];

/** Refuses a data set of which too much is wrong: the first problems by line, and never what stands in a line. */
export function refuseWrong(check: Check): void {
  const refusal = refusalOf(check);
  if (refusal !== null) throw wrongFile(check, refusal);
}

export const wrongFile = ({ problems }: Pick<Check, "problems">, refusal: string) =>
  invalidBody(
    namedProblems(problems).map((problem) => ({
      type: "data_set_refused",
      loc: ["body", "file", problem.line],
      msg: problemWords(problem),
      ctx: { rule: problem.rule, column: problem.column, path: problem.path, mend: problem.mend },
    })),
    refusal,
  );

/** How many problems a file that was taken has is told beside it. */
export const problemHeader = ({ problems }: Pick<StoredFile, "problems">): Record<string, string> =>
  problems > 0 ? { "x-file-problems": String(problems) } : {};

export function answerFile(wire: Pick<Wire, "headers" | "answer">, file: StoredFile): void {
  Object.assign(wire.headers, problemHeader(file));
  wire.answer(200, JSON.stringify(shapeOf(file)));
}
