import { sweepStorage } from "#lib/domain/files/reconciling/commands.ts";
import { storageReport } from "#lib/domain/files/reconciling/queries.ts";
import type { Command } from "./command.ts";

export const fileCommands: readonly Command[] = [
  {
    name: "files sweep",
    about: "Removes what lies in the storage of files, is older than 48 hours, and belongs to nothing.",
    options: {},
    run: async (ctx) => {
      const result = await sweepStorage(ctx);
      return { result, lines: [`removed ${result.objects} objects and ${result.parts} parts of uploads`] };
    },
  },
  {
    name: "files verify",
    about:
      "Holds contents of files and models against the storage; exit code 1 and a line for each whose bytes are gone.",
    options: {},
    run: async (ctx) => {
      const result = await storageReport(ctx);
      const { contents, missing, orphans } = result;
      const lines = missing.map(({ organizationId, id, bytes }) => `MISSING  ${organizationId}  ${id}  ${bytes} bytes`);
      const sum = `${contents - missing.length} of ${contents} contents are there`;
      const more =
        orphans > 0 ? [`${orphans} objects belong to nothing; files sweep removes those older than 48 hours`] : [];
      return { result, failed: missing.length > 0, lines: [...lines, sum, ...more] };
    },
  },
];
