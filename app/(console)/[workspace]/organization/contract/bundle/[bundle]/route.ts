import { Readable } from "node:stream";
import { keptHeaders } from "#app/(console)/stored-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { AppError } from "#lib/core/errors.ts";
import { takeBundle } from "#lib/domain/bundles/commands.ts";
import { takeInput } from "#lib/domain/bundles/input.ts";

type Props = { params: Promise<{ workspace: string; bundle: string }> };

/** The archive that an address was made for, whole or a part of it, so that a download that broke off can go on. */
export const GET = (request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { workspace, bundle } = await params;
    const ctx = await workspaceContext(workspace);
    const query = new URL(request.url).searchParams;
    const asked = takeInput.safeParse({
      id: bundle,
      expires: query.get("expires"),
      signature: query.get("signature"),
      range: request.headers.get("range"),
    });
    if (!asked.success) throw new AppError("not_found", "There is no such archive.");
    const { bytes, range, pieces } = await takeBundle(ctx, asked.data);
    const length = range ? range.last - range.first + 1 : bytes;
    return new Response(Readable.toWeb(Readable.from(pieces)) as ReadableStream<Uint8Array>, {
      status: range ? 206 : 200,
      headers: {
        ...keptHeaders(`${bundle}.zip`, "application/zip"),
        "accept-ranges": "bytes",
        "content-length": String(length),
        ...(range && { "content-range": `bytes ${range.first}-${range.last}/${bytes}` }),
      },
    });
  });
