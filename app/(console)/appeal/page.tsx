import { redirect } from "next/navigation";
import { placesOf } from "#app/(console)/places.ts";
import { homePath, signedInContext } from "#app/doors/session.ts";
import { suspensionInForce } from "#lib/domain/suspensions/queries.ts";

/** Where letters about a suspension lead, and what the API names: the page of the organization that is suspended. */
export default async function AppealPage() {
  const ctx = await signedInContext("/appeal");
  const places = await placesOf(ctx);
  for (const place of places)
    if (await suspensionInForce(place)) redirect(`/${place.workspaceId}/organization/suspension`);
  redirect(places[0] ? `/${places[0].workspaceId}/organization/suspension` : await homePath(ctx));
}
