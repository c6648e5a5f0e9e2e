import { addSubprocessor, removeSubprocessor } from "#lib/domain/subprocessors/commands.ts";
import { addSubprocessorInput, removeSubprocessorInput } from "#lib/domain/subprocessors/input.ts";
import { allSubprocessors } from "#lib/domain/subprocessors/queries.ts";
import { type Command, optional, parse, required } from "./command.ts";

export const subprocessorCommands: readonly Command[] = [
  {
    name: "subprocessor list",
    about: "Lists who processes personal data for you, and who did.",
    options: {},
    run: async (ctx) => {
      const all = await allSubprocessors(ctx);
      const lines = all.map(
        ({ id, name, location, plannedAt, removedAt }) =>
          `${id}  ${name}  ${location}  from ${plannedAt.toISOString()}${removedAt ? `  removed ${removedAt.toISOString()}` : ""}`,
      );
      return { result: { subprocessors: all }, lines: lines.length > 0 ? lines : ["No subprocessors."] };
    },
  },
  {
    name: "subprocessor add",
    about: "Adds one; each business with an agreement has 30 days from its notice (T-2-INC).",
    options: {
      name: required("NAME"),
      purpose: required("TEXT"),
      location: required("PLACE"),
      data: required("TEXT"),
      url: required("ADDRESS"),
      from: optional("INSTANT"),
    },
    run: async (ctx, { from, ...given }) => {
      const id = await addSubprocessor(
        ctx,
        parse(addSubprocessorInput, { ...given, ...(from && { plannedAt: from }) }),
      );
      return { result: { id }, lines: [`subprocessor ${id}`] };
    },
  },
  {
    name: "subprocessor remove",
    about: "Takes one off the list, or takes back that it was announced.",
    options: { id: required("ID") },
    run: async (ctx, options) => {
      const { id } = parse(removeSubprocessorInput, options);
      await removeSubprocessor(ctx, { id });
      return { result: { id }, lines: [`removed ${id}`] };
    },
  },
];
