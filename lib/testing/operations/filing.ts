import type { Id } from "#db/id.ts";
import type { Context } from "#lib/core/context.ts";
import { grantsOf } from "#lib/domain/assistance/queries.ts";
import { fileTerms } from "#lib/domain/contract/values/queries.ts";
import { fileFilter } from "#lib/domain/files/listing/input.ts";
import { filePage } from "#lib/domain/files/listing/queries.ts";
import { activeJobsOf, contentOf, fileChoices, fileOf, filesOf, jobsOf, readLines } from "#lib/domain/files/queries.ts";
import { fileUse } from "#lib/domain/files/quota/queries.ts";
import { problemsOf, reportOf } from "#lib/domain/files/reports/queries.ts";
import { uploadOf } from "#lib/domain/files/uploads/queries.ts";
import type { Operation } from "./operations.ts";

/** Done with a file of the workspace. */
const reading = (run: (ctx: Context, id: Id<"file">) => Promise<unknown>): Operation => ({
  can: "files.read",
  within: "workspace",
  run: (ctx, { file }) => run(ctx, file),
});

async function textOf(ctx: Context, id: Id<"file">): Promise<string> {
  let text = "";
  for await (const piece of await contentOf(ctx, await fileOf(ctx, id))) text += piece;
  return text;
}

/** What people and programs do with files. */
export const filing: Record<string, Operation> = {
  filesOf: { can: "files.read", run: (ctx) => filesOf(ctx, { offset: 0, limit: 100 }) },
  fileOf: reading(fileOf),
  contentOf: reading(textOf),
  readLines: reading((ctx, id) => readLines(ctx, id, 0, 50)),
  grantsOf: { can: "privacy.read", run: grantsOf },
  uploadOf: {
    can: "files.write",
    within: "workspace",
    run: (ctx, { upload }) => uploadOf(ctx, upload),
    isChoosy: true,
  },
  filePage: { can: "files.read", run: (ctx) => filePage(ctx, fileFilter.parse({})) },
  problemsOf: reading(async (ctx, id) => problemsOf(ctx, await fileOf(ctx, id), { from: 0 })),
  jobsOf: reading(jobsOf),
  activeJobsOf: reading(activeJobsOf),
  reportOf: reading(async (ctx, id) => reportOf(ctx, await fileOf(ctx, id))),
  fileTerms: { can: "files.read", run: (ctx) => fileTerms(ctx) },
  fileUse: { can: "files.read", run: (ctx) => fileUse(ctx) },
  fileChoices: { can: "assistance.grant", run: (ctx) => fileChoices(ctx) },
};
