import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { attachmentHeader } from "#lib/core/file-name.ts";
import { publishedWords } from "#lib/domain/files/checking/rules.ts";
import { fileOf } from "#lib/domain/files/queries.ts";
import { reportOf } from "#lib/domain/files/reports/queries.ts";

type Props = { params: Promise<{ workspace: string; file: string }> };

/** What checking the file found, a problem a line. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, file: id } = await params;
    const ctx = await workspaceContext(workspace);
    const file = await fileOf(ctx, id);
    const { problems } = await reportOf(ctx, file);
    const lines = problems.map((one) => `${JSON.stringify({ ...one, published: publishedWords(file.name, one) })}\n`);
    return new Response(lines.join(""), {
      headers: {
        "content-type": "application/x-ndjson; charset=utf-8",
        "content-disposition": attachmentHeader(file.name.replace(/\.jsonl$/i, ".report.jsonl")),
        "cache-control": "no-store",
      },
    });
  });
