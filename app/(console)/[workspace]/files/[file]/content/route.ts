import { Readable } from "node:stream";
import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { attachmentHeader } from "#lib/core/file-name.ts";
import { noteUse } from "#lib/domain/files/commands.ts";
import { contentOf, fileOf } from "#lib/domain/files/queries.ts";

type Props = { params: Promise<{ workspace: string; file: string }> };

/** The file itself, opened as it is sent. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, file: id } = await params;
    const ctx = await workspaceContext(workspace);
    const file = await fileOf(ctx, id);
    await noteUse(ctx, file.id);
    const pieces = Readable.toWeb(Readable.from(await contentOf(ctx, file)));
    return new Response(pieces as unknown as ReadableStream, {
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(file.bytes),
        "content-disposition": attachmentHeader(file.name),
        "x-content-type-options": "nosniff",
        "cache-control": "no-store, no-transform",
      },
    });
  });
