import type { Db } from "#db/client.ts";
import type { Id } from "#db/id.ts";
import type { Helped, Step } from "#db/seed/world.ts";
import { addDays } from "#lib/core/clock.ts";
import { type AccountContext, type Context, inOrganization, inWorkspace } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { keepFile } from "#lib/domain/files/commands.ts";
import { receiveContent } from "#lib/domain/files/contents/commands.ts";
import { keepInput } from "#lib/domain/files/input.ts";
import { keepSample } from "#lib/domain/files/samples/commands.ts";
import { addCheckpoint, beat, claimJob, finishClaim } from "#lib/domain/fine-tuning/claims/commands.ts";
import { taskOf } from "#lib/domain/fine-tuning/claims/task/commands.ts";
import { createJob, startJob } from "#lib/domain/fine-tuning/commands.ts";
import { createJobInput } from "#lib/domain/fine-tuning/input.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";
import { validateJob } from "#lib/domain/fine-tuning/validation/commands.ts";
import { renameTunedModel } from "#lib/domain/tuned-models/commands.ts";
import type { ClaimLine, Trainer } from "#lib/engine/training/port.ts";
import { openTrainers } from "#lib/engine/training/trainers.ts";
import { memberAt } from "./demo-people.ts";
import { systemContext } from "./system-context.ts";

const example = (question: string, answer: string): string =>
  JSON.stringify({
    messages: [
      { role: "user", content: question },
      { role: "assistant", content: answer },
    ],
  });

/** Answers with the mistakes that people make: two of them have one meaning, the third only its author can mend. */
const faulty = [
  example("Can I pay in two parts?", "Yes: half now, half when it is delivered."),
  example("Do you repair what others sold?", "We do, for the price of parts and an hour of work."),
  '{"messages":[{"role":"human","content":"Is the shop open on Sunday?"},{"role":"assistant","content":"It is closed on Sunday."}]}',
  example("Which card do you take?", "All of them, and cash."),
  example("Can I order by telephone?", "Yes, from nine to five."),
  '{"messages":[{"role":"user","content":"How long is the warranty?"}]}',
  example("Do you deliver to the third floor?", "We do, where there is a lift."),
  "{'messages': []}",
  example("Where is the invoice?", "In the letter that came with the order."),
]
  .map((line) => `${line}\n`)
  .join("");

/** Fine-tuning in three states, by the commands that do it for real: a model that answers, data that is wrong, and a job that waits. */
export const tuningOf =
  (tx: Db, now: Date) =>
  (helped: Helped): Step[] => {
    // Models that another server trains would take longer than a start may.
    const trainer = openTrainers({ ...env(), TRAINING_PACE: "off" }).find(({ kind }) => kind === "embedded");
    return trainer ? new Tuning(tx, now, helped, trainer).steps() : [];
  };

type Asked = { suffix: string; training_steps: number; file: Id<"file"> };

class Tuning {
  readonly #tx: Db;
  readonly #now: Date;
  readonly #helped: Helped;
  readonly #trainer: Trainer;

  constructor(tx: Db, now: Date, helped: Helped, trainer: Trainer) {
    this.#tx = tx;
    this.#now = now;
    this.#helped = helped;
    this.#trainer = trainer;
  }

  steps(): Step[] {
    let sample: Id<"file">;
    let mistaken: Id<"file">;
    const yesterday = addDays(this.#now, -1);
    return [
      this.#step(yesterday, async (ctx) => {
        sample = (await keepSample(ctx)).id;
        const received = await receiveContent(ctx, [Buffer.from(faulty)], "fine-tune");
        mistaken = (await keepFile(ctx, keepInput.parse({ file: "shop-answers.jsonl" }), received)).id;
      }),
      // The models of a new installation have prices from its first start on, and no jobs before.
      this.#step(this.#now, async (ctx) => {
        await this.#check(ctx, { suffix: "shop", training_steps: 40, file: mistaken });
        const job = await this.#check(ctx, { suffix: "help-desk", training_steps: 100, file: sample });
        await startJob(ctx, { job });
        await this.#train(this.#house(ctx.now));
        await this.#name(ctx, job);
        await this.#check(ctx, { suffix: "help-desk-2", training_steps: 200, file: sample });
      }),
    ];
  }

  #step(at: Date, run: (ctx: Context) => Promise<void>): Step {
    return { at, run: async () => run(await this.#developer(at)) };
  }

  async #developer(at: Date): Promise<Context> {
    const { organizationId, workspaceId, dev } = this.#helped;
    const member = await memberAt(this.#tx, dev, at, ["member", "dev"]);
    return inWorkspace(inOrganization(member, organizationId), workspaceId);
  }

  #house(at: Date): AccountContext {
    return systemContext("trainer", { on: this.#tx, at });
  }

  /** A job whose data was looked through. */
  async #check(ctx: Context, { suffix, training_steps, file }: Asked): Promise<Id<"tuningJob">> {
    const asked = createJobInput.parse({
      model: "tiny-chat-1",
      training_files: [{ file_id: file }],
      hyperparameters: { training_steps, random_seed: 7 },
      suffix,
      auto_start: false,
    });
    const { id } = await createJob(ctx, asked);
    await validateJob(this.#house(ctx.now), { organizationId: ctx.organizationId, id });
    return id;
  }

  async #train(house: AccountContext): Promise<void> {
    const claim = await claimJob(house, { kinds: [this.#trainer.kind], models: null });
    if (!claim) throw new Error("The demo's fine-tuning was not in the line.");
    const line: ClaimLine = {
      beat: (report) => beat(house, claim, report),
      checkpoint: (report) => addCheckpoint(house, claim, report),
      remember: () => Promise.resolve(),
      remembered: {},
    };
    const task = await taskOf(house, claim);
    const outcome = await this.#trainer.train(task, line, new AbortController().signal);
    await finishClaim(house, claim, outcome);
  }

  async #name(ctx: Context, job: Id<"tuningJob">): Promise<void> {
    const model = (await jobOf(ctx, job)).tunedModelId;
    if (!model) throw new Error("The demo's fine-tuning made no model.");
    await renameTunedModel(ctx, { model, name: "Help desk" });
  }
}
