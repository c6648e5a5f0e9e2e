import { workspaceContext } from "#app/doors/session.ts";
import { viewOf } from "#components/rates/gauge-view.ts";
import { AppError, httpStatus } from "#lib/core/errors.ts";
import { liveRates } from "#lib/gateway/rate-limits/gauges.ts";

type Props = { params: Promise<{ workspace: string }> };

/** The gauges of the Limits page, which reads them again and again. */
export async function GET(_request: Request, { params }: Props): Promise<Response> {
  try {
    const ctx = await workspaceContext((await params).workspace);
    return Response.json(viewOf(await liveRates(ctx)), { headers: { "cache-control": "no-store" } });
  } catch (error) {
    if (error instanceof AppError) return new Response(error.message, { status: httpStatus[error.problem] });
    throw error;
  }
}
