import { stateOf } from "#app/(console)/[workspace]/usage/state.ts";
import { AppError, httpStatus } from "#lib/errors.ts";
import { workspaceContext } from "#lib/session.ts";
import { usageDays } from "#lib/usage/queries.ts";
import { csvOf } from "./csv.ts";

type Props = { params: Promise<{ workspace: string }> };

export async function GET(request: Request, { params }: Props): Promise<Response> {
  try {
    const ctx = await workspaceContext((await params).workspace);
    const asked = Object.fromEntries(new URL(request.url).searchParams);
    const state = await stateOf(Promise.resolve(asked), ctx.now);
    const rows = await usageDays(ctx, state.by, state);
    return new Response(csvOf(rows, state.by), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="usage-by-${state.by}-${state.from}-${state.to}.csv"`,
      },
    });
  } catch (error) {
    if (error instanceof AppError) return new Response(error.message, { status: httpStatus[error.problem] });
    throw error;
  }
}
