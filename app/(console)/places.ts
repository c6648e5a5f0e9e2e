import { workspaceContext } from "#app/doors/session.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { myWorkspaces } from "#lib/domain/organizations/queries.ts";

/** One workspace of each organization that the person can enter now. */
export async function placesOf(ctx: AccountContext): Promise<Context[]> {
  const choices = await myWorkspaces(ctx);
  const firsts = choices.filter(
    ({ organization }, at) => choices.findIndex((one) => one.organization.id === organization.id) === at,
  );
  const places = await Promise.all(firsts.map(({ workspace }) => workspaceContext(workspace.id).catch(refused)));
  return places.filter((place) => place !== null);
}

/** One that asks for a second factor is not entered from here. */
function refused(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}
