import { redirect } from "next/navigation";
import { homePath, signedInContext, workspaceContext } from "#app/doors/session.ts";
import { AppError } from "#lib/core/errors.ts";
import { myWorkspaces } from "#lib/domain/organizations/queries.ts";
import { suspensionInForce } from "#lib/domain/suspensions/queries.ts";

/** Where letters about a suspension lead, and what the API names: the page of the organization that is suspended. */
export default async function AppealPage() {
  const ctx = await signedInContext("/appeal");
  const choices = await myWorkspaces(ctx);
  const [first] = choices;
  for (const { workspace } of choices) {
    const place = await workspaceContext(workspace.id).catch(refused);
    if (place && (await suspensionInForce(place))) redirect(`/${workspace.id}/organization/suspension`);
  }
  redirect(first ? `/${first.workspace.id}/organization/suspension` : await homePath(ctx));
}

/** One that asks for a second factor is not entered from here. */
function refused(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}
