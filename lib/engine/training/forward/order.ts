import { now } from "#lib/core/clock.ts";
import type { ClaimLine, TrainingTask } from "#lib/engine/training/port.ts";
import type { Dialect, JobOrder } from "./dialect.ts";
import { nothingToLearn } from "./failures.ts";
import { epochsOf, fileOf, type SentFile, trainingName, validationName } from "./files.ts";
import { listIn, textIn } from "./reading.ts";
import { Ended, type Reports } from "./reports.ts";
import { Lost, settle } from "./settle.ts";
import type { Wire } from "./wire.ts";

/** The server's model, and how to speak with it. */
export type Place = { wire: Wire; model: string; dialect: Dialect; signal: AbortSignal };

/** Files and jobs at the server, by the ids they have there; each is made once, whichever turn at the job makes it. */
export class Ordering {
  readonly #names: Record<string, string>;
  readonly #line: ClaimLine;
  readonly #place: Place;
  readonly #reports: Reports;

  constructor(line: ClaimLine, place: Place, reports: Reports) {
    this.#names = { ...line.remembered };
    this.#line = line;
    this.#place = place;
    this.#reports = reports;
  }

  get files(): string[] {
    return [this.#names.training, this.#names.validation].filter((id) => id !== undefined);
  }

  /** The id of the job there; sends what it needs and the job itself, unless that was done. */
  async job(task: TrainingTask): Promise<string> {
    if (this.#names.job) return this.#names.job;
    const { job, training, validation, seed, suffix, hyperparameters } = task;
    const { dialect, model, wire, signal } = this.#place;
    this.#reports.note(dialect.notes(hyperparameters));
    const file = await fileOf(trainingName(job), training, seed);
    if (file.lines === 0) throw new Ended({ outcome: "failed", step: 0, failure: nothingToLearn });
    const sent = await this.#upload("training", file);
    const valid = validation.length > 0 ? await fileOf(validationName(job), validation, seed) : null;
    const order: JobOrder = {
      job,
      model,
      suffix,
      hyperparameters,
      epochs: epochsOf(task, file.lines),
      seed,
      training: sent,
      validation: valid && valid.lines > 0 ? await this.#upload("validation", valid) : null,
    };
    return await this.#once("job", {
      look: async () => listIn(await this.#list(dialect.listJobs(order))).find((one) => dialect.isOurs(one, order)),
      send: () => wire.post("/fine_tuning/jobs", dialect.create(order), signal),
    });
  }

  #upload(kind: string, file: SentFile): Promise<string> {
    const { dialect, wire, signal } = this.#place;
    return this.#once(kind, {
      look: async () =>
        listIn(await this.#list(dialect.listFiles(file.name))).find((one) => textIn(one, "filename") === file.name),
      send: () => wire.upload({ ...file, pieces: file.pieces() }, signal),
    });
  }

  #list(path: string): Promise<unknown> {
    return this.#place.wire.get(path, this.#place.signal);
  }

  async #once(
    kind: string,
    { look, send }: { look: () => Promise<unknown>; send: () => Promise<unknown> },
  ): Promise<string> {
    const known = this.#names[kind];
    if (known) return known;
    const id = await settle(
      {
        look: async () => textIn(await look(), "id"),
        send: async () => textIn(await send(), "id"),
        wasSent: this.#names[`${kind}-sent`] !== undefined,
        mark: () => this.#remember(`${kind}-sent`, now().toISOString()),
        idle: (ms) => this.#idle(ms),
      },
      (ms) => this.#reports.wait(ms),
    );
    if (!id) throw new Lost();
    await this.#remember(kind, id);
    return id;
  }

  /** Nothing that costs has begun, so a cancel ends it here. */
  async #idle(ms: number): Promise<void> {
    await this.#reports.wait(ms);
    if (this.#reports.orders === "cancel") throw new Ended({ outcome: "cancelled", step: 0 });
  }

  async #remember(kind: string, name: string): Promise<void> {
    this.#names[kind] = name;
    await this.#line.remember({ ...this.#names });
  }
}
