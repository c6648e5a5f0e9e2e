import { loadTunedModel } from "#app/(console)/[workspace]/models/tuned/[job]/load-model.ts";
import { workspaceContext } from "#app/doors/session.ts";
import { AppError, httpStatus } from "#lib/core/errors.ts";
import { reviewOf } from "#lib/domain/fine-tuning/review/queries.ts";

type Props = { params: Promise<{ workspace: string; job: string }> };

/** How far the review of a step is, for its page, which reads it again and again while it is made. */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  try {
    const { workspace, job } = await params;
    const ctx = await workspaceContext(workspace);
    const model = await loadTunedModel(ctx, { params: { job }, search: {} });
    const step = Number(new URL(request.url).searchParams.get("step") ?? model.step);
    const review = Number.isInteger(step) ? await reviewOf(ctx, model.id, step) : null;
    return Response.json({ state: review?.state ?? "none" }, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    if (error instanceof AppError) return new Response(error.message, { status: httpStatus[error.problem] });
    throw error;
  }
}
