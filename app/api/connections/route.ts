import { redirect } from "next/navigation";
import { consoleContext } from "#app/doors/session.ts";
import { isId } from "#db/id.ts";
import { AppError } from "#lib/core/errors.ts";
import { finishOauth } from "#lib/domain/connections/oauth/commands.ts";

/** Where a person comes back to from a service they signed in to. The state names the workspace it was begun in. */
export async function GET(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const workspace = searchParams.get("state")?.split(".")[0] ?? "";
  if (!isId("workspace", workspace)) return new Response("This address is not complete.", { status: 400 });
  const list = `/${workspace}/organization/integrations`;
  const ctx = await consoleContext(workspace);
  const came = await finishOauth(ctx, { answer: searchParams.toString() }).catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  redirect(came instanceof AppError ? `${list}?refused=${came.code}` : `${list}/${came}`);
}
