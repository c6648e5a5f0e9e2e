import { Readable } from "node:stream";
import { answerFile } from "#app/(console)/stream-file.ts";
import { staffContext } from "#app/doors/session.ts";
import { attachmentHeader } from "#lib/core/file-name.ts";
import { fetchTransferred } from "#lib/domain/tuned-models/transfer/commands.ts";
import { deskTransferInput } from "#lib/domain/tuned-models/transfer/input.ts";

type Props = { params: Promise<{ organization: string; transfer: string }> };

/** The weights of a model, for who carried its transfer out a moment ago. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const named = deskTransferInput.parse(await params);
    const { name, bytes, pieces } = await fetchTransferred(await staffContext(), named);
    return new Response(Readable.toWeb(Readable.from(pieces)) as ReadableStream<Uint8Array>, {
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(bytes),
        "content-disposition": attachmentHeader(name),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      },
    });
  });
