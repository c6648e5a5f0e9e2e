import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import { AppError } from "#lib/core/errors.ts";
import { brokenOff } from "./body.ts";
import { invalidBody, unsupportedMedia } from "./wire-error.ts";

const limits = { files: 1, fields: 10, fieldSize: 4096, fieldNameSize: 100, parts: 11 };

export type SentFile = { name: string; pieces: AsyncIterable<Buffer> };

/** A form with one file: its fields, the file's name, and what `take` made of the file, which it reads as it comes. */
export type Form<T> = { fields: Record<string, string>; name: string; taken: T };

/**
 * Reads a form whose file is never whole in memory. Where the form breaks, so does the file, and `take` ends before this
 * does; what it had made by then is given to `undo`.
 */
export async function readForm<T>(
  incoming: IncomingMessage,
  take: (file: SentFile) => Promise<T>,
  undo: (taken: T) => Promise<void>,
): Promise<Form<T>> {
  const reading = new FormReading(incoming, take);
  try {
    return await reading.whole();
  } catch (error) {
    await reading.stop(error).then((taken) => taken && undo(taken.value));
    throw error;
  }
}

const wrong = (place: string, msg: string) => invalidBody([{ type: "form_invalid", loc: ["body", place], msg }]);

class FormReading<T> {
  readonly #incoming: IncomingMessage;
  readonly #parser: InstanceType<typeof Busboy>;
  readonly #fields: Record<string, string> = {};
  readonly #ended: Promise<void>;
  #file: { name: string; stream: Readable; taking: Promise<T> } | undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(incoming: IncomingMessage, take: (file: SentFile) => Promise<T>) {
    this.#incoming = incoming;
    this.#parser = parserOf(incoming);
    this.#ended = new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#parser.on("finish", resolve);
    });
    // What fails before it is waited for has been noted all the same.
    this.#ended.catch(() => undefined);
    this.#parser.on("error", () => this.#fail(wrong("file", "The form is not whole.")));
    for (const limit of ["partsLimit", "filesLimit", "fieldsLimit"])
      this.#parser.on(limit, () => this.#fail(wrong("file", "Send one file and a few fields.")));
    this.#parser.on("field", (name: string, value: string, nameCut: boolean, valueCut: boolean) => {
      if (nameCut || valueCut) this.#fail(wrong(name.slice(0, 100), "This field is too long."));
      else this.#fields[name] = value;
    });
    this.#parser.on("file", (field: string, stream: Readable, name: string) =>
      this.#begin(take, { field, stream, name }),
    );
  }

  async whole(): Promise<Form<T>> {
    const { complete, destroyed } = this.#incoming;
    if (destroyed && !complete) throw brokenOff();
    const leave = () => this.#incoming.complete || this.#fail(brokenOff());
    this.#incoming.on("close", leave).on("error", leave);
    this.#incoming.pipe(this.#parser);
    await this.#ended;
    if (!this.#file) throw wrong("file", "Send the file in the field `file`.");
    const { name, taking } = this.#file;
    return { fields: this.#fields, name, taken: await taking };
  }

  /** Ends what reads the file; says what it had made already. */
  async stop(error: unknown): Promise<{ value: T } | undefined> {
    this.#incoming.unpipe(this.#parser);
    if (!this.#file) return undefined;
    const { stream, taking } = this.#file;
    stream.destroy(error instanceof Error ? error : brokenOff());
    return taking.then(
      (value) => ({ value }),
      () => undefined,
    );
  }

  #begin(
    take: (file: SentFile) => Promise<T>,
    { field, stream, name }: { field: string; stream: Readable; name: string },
  ) {
    // A stream that is destroyed says so; who reads it hears of it.
    stream.on("error", () => undefined);
    if (field !== "file") {
      stream.resume();
      this.#fail(wrong(field.slice(0, 100), "Send the file in the field `file`."));
      return;
    }
    const taking = take({ name: name ?? "", pieces: stream });
    taking.catch((error: unknown) => this.#fail(error));
    this.#file = { name: name ?? "", stream, taking };
  }
}

function parserOf({ headers }: IncomingMessage): InstanceType<typeof Busboy> {
  const { "content-type": type = "", "content-encoding": coding = "identity" } = headers;
  if (coding !== "identity") throw unsupportedMedia("Send the form without a Content-Encoding.");
  if (!/^\s*multipart\/form-data\s*;/i.test(type))
    throw unsupportedMedia("Send the file as multipart/form-data, in the field `file`.");
  try {
    return new Busboy({ headers: { "content-type": type }, limits });
  } catch {
    throw new AppError("invalid", "The Content-Type names no boundary.");
  }
}
