import { workspaceContext } from "#app/doors/session.ts";
import { AppError, httpStatus } from "#lib/core/errors.ts";
import { grantsOf } from "#lib/domain/assistance/queries.ts";

type Props = { params: Promise<{ workspace: string }> };

/** The pages that staff read of one assistance; its page reads this again and again. */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  try {
    const ctx = await workspaceContext((await params).workspace);
    const named = new URL(request.url).searchParams.get("grant");
    const grant = (await grantsOf(ctx)).find(({ id }) => id === named);
    return Response.json(grant?.reads ?? [], { headers: { "cache-control": "no-store" } });
  } catch (error) {
    if (error instanceof AppError) return new Response(error.message, { status: httpStatus[error.problem] });
    throw error;
  }
}
