import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { createTrainer, revokeTrainer } from "#lib/domain/fine-tuning/trainers/commands.ts";
import { trainersOf } from "#lib/domain/fine-tuning/trainers/queries.ts";
import { type Command, parse, required } from "./command.ts";

const createInput = z.object({
  name: z.string().trim().min(1).max(120),
  models: z
    .string()
    .transform((text) => text.split(",").map((name) => name.trim()))
    .pipe(z.array(z.string().min(1).max(200)).min(1)),
});
const revokeInput = z.object({ id: idField("trainer", "There is no such trainer.") });

export const trainerCommands: readonly Command[] = [
  {
    name: "trainer create",
    about: "Lets a worker fetch trainings over HTTP; prints its token, once.",
    options: { name: required("NAME"), models: required("MODEL,…") },
    run: async (ctx, options) => {
      const result = await createTrainer(ctx, parse(createInput, options));
      return { result, lines: [`trainer ${result.id}`, `token ${result.token}`] };
    },
  },
  {
    name: "trainer list",
    about: "The workers that fetch trainings, and when each was last heard of.",
    options: {},
    run: async (ctx) => {
      const result = await trainersOf(ctx);
      const state = ({ revokedAt, seenAt }: (typeof result)[number]) =>
        revokedAt ? "revoked" : seenAt ? `seen ${seenAt.toISOString()}` : "never seen";
      return { result, lines: result.map((one) => `${one.id} ${one.name} (${one.models.join(", ")}): ${state(one)}`) };
    },
  },
  {
    name: "trainer revoke",
    about: "Ends a worker's token on its next request.",
    options: { id: required("TRAINER") },
    run: async (ctx, options) => {
      await revokeTrainer(ctx, parse(revokeInput, options));
      return { result: {}, lines: ["revoked"] };
    },
  },
];
