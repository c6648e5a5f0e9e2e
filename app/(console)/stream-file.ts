import { AppError, httpStatus } from "#lib/core/errors.ts";

type Cell = string | number | boolean | null;

/** A file's columns: what each is called, and what a row has there. Amounts are decimal texts, never numbers. */
export type Columns<Row> = Record<string, (row: Row) => Cell>;

const types = {
  csv: "text/csv; charset=utf-8",
  json: "application/json; charset=utf-8",
  jsonl: "application/x-ndjson; charset=utf-8",
} as const;
export type FileFormat = keyof typeof types;

/**
 * A file of any length as an answer: it is written as fast as it is read, a batch at a time, and a reader who leaves ends
 * the question it is made from. An error breaks the answer off, so that half a file never looks like a whole one.
 */
export function streamFile<Row>(
  name: string,
  format: FileFormat,
  columns: Columns<Row>,
  batches: AsyncGenerator<Row[]>,
): Response {
  const pieces = { csv: csvOf, json: jsonOf, jsonl: linesOf }[format](columns, batches);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      cancel: async () => {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "content-type": types[format],
      "content-disposition": `attachment; filename="${name}.${format}"`,
      "cache-control": "no-store",
    },
  });
}

/** What tells a spreadsheet that the file is UTF-8. */
const byteOrderMark = "\uFEFF";

async function* csvOf<Row>(columns: Columns<Row>, batches: AsyncGenerator<Row[]>): AsyncGenerator<string> {
  yield byteOrderMark + lineOf(Object.keys(columns));
  const cells = Object.values(columns);
  for await (const rows of batches) yield rows.map((row) => lineOf(cells.map((cell) => cell(row)))).join("");
}

const lineOf = (values: readonly Cell[]): string => `${values.map(textOf).join(",")}\r\n`;

/** A text that begins like a formula must stay a text in a spreadsheet. */
function textOf(value: Cell): string {
  if (value === null) return "";
  const text = typeof value === "string" && isLikeFormula(value) ? `'${value}` : String(value);
  return /["\p{Z}\p{C},;]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets pass over blanks and what cannot be seen, and some read full-width signs as the plain ones. */
function isLikeFormula(text: string): boolean {
  if (/^[\t\r\n]/.test(text)) return true;
  const seen = text.normalize("NFKC").replace(/^[\p{Z}\p{C}'"]+/u, "");
  return /^[=+\-@]/.test(seen);
}

async function* jsonOf<Row>(columns: Columns<Row>, batches: AsyncGenerator<Row[]>): AsyncGenerator<string> {
  const objectOf = objectsBy(columns);
  let isFirst = true;
  for await (const rows of batches) {
    yield `${isFirst ? "[\n" : ",\n"}${rows.map(objectOf).join(",\n")}`;
    isFirst = false;
  }
  yield isFirst ? "[]\n" : "\n]\n";
}

/** One object a line, for programs that read a file as it comes. */
async function* linesOf<Row>(columns: Columns<Row>, batches: AsyncGenerator<Row[]>): AsyncGenerator<string> {
  const objectOf = objectsBy(columns);
  for await (const rows of batches) yield rows.map((row) => `${objectOf(row)}\n`).join("");
}

function objectsBy<Row>(columns: Columns<Row>): (row: Row) => string {
  const cells = Object.entries(columns);
  return (row) => JSON.stringify(Object.fromEntries(cells.map(([name, cell]) => [name, cell(row)])));
}

/** What a file's address answers: the file, or in one sentence why not. */
export async function answerFile(file: () => Promise<Response>): Promise<Response> {
  try {
    return await file();
  } catch (error) {
    if (error instanceof AppError) return new Response(error.message, { status: httpStatus[error.problem] });
    throw error;
  }
}
