import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { and, eq } from "drizzle-orm";
import { fileReports } from "#db/schema/files.ts";
import { authorize } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { openLastingBytes } from "#lib/core/keyring/lasting.ts";
import { blobOf, checkPieces, contentKey, openContent, openLines } from "#lib/domain/files/contents/commands.ts";
import type { StoredFile } from "#lib/domain/files/view.ts";
import type { CheckReport } from "#lib/engine/datasets/checker.ts";
import { mendLine } from "#lib/engine/datasets/mend.ts";
import type { Problem, RuleId } from "#lib/engine/datasets/rules.ts";
import { problemsShown, reportLabel, type ShownProblem } from "./rules.ts";

/** What looking through a file found. One that came before there were reports is looked through now. */
export async function reportOf(ctx: Context, file: Pick<StoredFile, "id" | "purpose">): Promise<CheckReport> {
  authorize(ctx.actor, "files.read");
  const named = { organizationId: ctx.organizationId, fileId: file.id };
  const [row] = await ctx.db
    .select({ report: fileReports.report })
    .from(fileReports)
    .where(and(eq(fileReports.organizationId, ctx.organizationId), eq(fileReports.fileId, file.id)));
  if (!row) return checkPieces(ctx, await openContent(ctx, named), file.purpose);
  const key = await contentKey(ctx, await blobOf(ctx, named));
  const plain = openLastingBytes(key, row.report, reportLabel(file.id));
  return JSON.parse((await promisify(gunzip)(plain)).toString()) as CheckReport;
}

/** Some problems of a file with the lines they are in: of one rule, or of all. */
export async function problemsOf(
  ctx: Context,
  file: Pick<StoredFile, "id" | "purpose">,
  { rule, from }: { rule?: RuleId | undefined; from: number },
): Promise<{ report: CheckReport; shown: ShownProblem[]; total: number }> {
  authorize(ctx.actor, "files.read");
  const report = await reportOf(ctx, file);
  const found = report.problems.filter((problem) => !rule || problem.rule === rule);
  const shown: ShownProblem[] = [];
  for (const problem of found.slice(from, from + problemsShown)) shown.push(await withLine(ctx, file.id, problem));
  return { report, shown, total: found.length };
}

async function withLine(ctx: Context, fileId: StoredFile["id"], problem: Problem): Promise<ShownProblem> {
  if (problem.line === 0) return { problem, text: null, mended: null };
  const { lines } = await openLines(ctx, { organizationId: ctx.organizationId, fileId }, problem.line - 1, 1);
  const [line] = lines;
  if (!line || line.isCut) return { problem, text: line?.text ?? null, mended: null };
  if (problem.rule === "W1") return { problem, text: line.text, mended: { line: null } };
  const after = mendLine(line.text).line;
  return { problem, text: line.text, mended: after === line.text ? null : { line: after } };
}
