/** A part of a form; given as a list, because fields can come in any order, and twice. */
export type Part = { name: string; value: string | Buffer; filename?: string };

const boundary = "----of-the-test";

/** What a form says of itself in the header. */
export const formType = `multipart/form-data; boundary=${boundary}`;

export const formEnd = Buffer.from(`\r\n--${boundary}--\r\n`);

const headOf = ({ name, filename }: Part): Buffer =>
  Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${filename ? `; filename="${filename}"` : ""}\r\n\r\n`,
  );

/** For tests: a form as its bytes. */
export const formOf = (parts: readonly Part[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(
    Buffer.concat([
      ...parts.flatMap((part) => [headOf(part), Buffer.from(part.value as string), Buffer.from("\r\n")]),
      Buffer.from(`--${boundary}--\r\n`),
    ]),
  );

export const filePart = (value: string | Buffer, filename = "set.jsonl"): Part => ({ name: "file", value, filename });

/** How the form of one file begins, for tests that send the rest piece by piece. */
export const fileHead = headOf(filePart("", "big.jsonl"));

/** A line to train with. */
export const sampleLine = '{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]}\n';
