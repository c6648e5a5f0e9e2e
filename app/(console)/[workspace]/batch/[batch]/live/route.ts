import { nowOf } from "#app/(console)/[workspace]/batch/[batch]/now.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { AppError, httpStatus } from "#lib/core/errors.ts";
import { batchOf } from "#lib/domain/batch/queries.ts";

type Props = { params: Promise<{ workspace: string; batch: string }> };

/** A batch as it is now, for its page, which reads it again and again while it is under way. */
export async function GET(_request: Request, { params }: Props): Promise<Response> {
  try {
    const { workspace, batch } = await params;
    const ctx = await workspaceContext(workspace);
    return Response.json(nowOf(await batchOf(ctx, batch)), { headers: { "cache-control": "no-store" } });
  } catch (error) {
    if (error instanceof AppError) return new Response(error.message, { status: httpStatus[error.problem] });
    throw error;
  }
}
