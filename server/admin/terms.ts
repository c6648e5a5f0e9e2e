import { readFile } from "node:fs/promises";
import { announcePublication, approvePublication, draftVersion } from "#lib/domain/publications/commands.ts";
import { announceInput, approveInput, draftInput } from "#lib/domain/publications/input.ts";
import { publicationsOf } from "#lib/domain/publications/queries.ts";
import { type Command, optional, parse, required } from "./command.ts";

export const termsCommands: readonly Command[] = [
  {
    name: "terms draft",
    about: "Makes a draft from a file with front matter; nothing holds before people approve it.",
    options: { kind: required("terms|chat|privacy|data-processing"), file: required("PATH") },
    run: async (ctx, { kind, file = "" }) => {
      const input = parse(draftInput, { kind, text: await readFile(file, "utf8") });
      await draftVersion(ctx, input);
      return { result: { kind: input.kind, state: "draft" }, lines: [`drafted ${input.kind}`] };
    },
  },
  {
    name: "terms approve",
    about: "Approves a draft: it holds at once, or, where substantial, waits for a second person to announce it.",
    options: {
      id: required("ID"),
      change: required("non_substantial|substantial"),
      summary: required("TEXT"),
      from: optional("INSTANT"),
    },
    run: async (ctx, { id, change, summary, from }) => {
      const input = parse(approveInput, { id, change, summary, ...(from && { plannedAt: from }) });
      await approvePublication(ctx, input);
      return { result: { id: input.id }, lines: [`approved ${input.id}`] };
    },
  },
  {
    name: "terms announce",
    about: "Announces an approved version to every customer, as the second person (T-7-SUB).",
    options: { id: required("ID") },
    run: async (ctx, options) => {
      const { id } = parse(announceInput, options);
      await announcePublication(ctx, { id });
      return { result: { id }, lines: [`announced ${id}`] };
    },
  },
  {
    name: "terms status",
    about: "Shows every version of the documents with its state and dates.",
    options: {},
    run: async (ctx) => {
      const publications = await publicationsOf(ctx);
      const lines = publications.map(({ id, kind, version, state, change, plannedAt, effectiveAt }) => {
        const date = effectiveAt ?? plannedAt;
        return `${id}  ${kind} ${version}  ${state}  ${change ?? ""}  ${date?.toISOString() ?? ""}`;
      });
      return { result: { publications }, lines };
    },
  },
];
