import { jobNowOf } from "#app/(console)/[workspace]/fine-tuning/[job]/job-now.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { AppError, httpStatus } from "#lib/core/errors.ts";
import { jobOf } from "#lib/domain/fine-tuning/queries.ts";

type Props = { params: Promise<{ workspace: string; job: string }> };

/** A job as it is now, for its page, which reads it again and again while it is under way. */
export async function GET(_request: Request, { params }: Props): Promise<Response> {
  try {
    const { workspace, job } = await params;
    const ctx = await workspaceContext(workspace);
    return Response.json(await jobNowOf(ctx, await jobOf(ctx, job)), { headers: { "cache-control": "no-store" } });
  } catch (error) {
    if (error instanceof AppError) return new Response(error.message, { status: httpStatus[error.problem] });
    throw error;
  }
}
