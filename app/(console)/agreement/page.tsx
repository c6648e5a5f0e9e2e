import { redirect } from "next/navigation";
import { placesOf } from "#app/(console)/places.ts";
import { homePath, signedInContext } from "#app/doors/session.ts";
import { can } from "#lib/core/access/authorize.ts";

/** Where letters about an agreement lead, and what the API names: its page in the first organization this person may see it of. */
export default async function AgreementPage() {
  const ctx = await signedInContext("/agreement");
  const places = await placesOf(ctx);
  const place = places.find(({ actor }) => can(actor, "contract.read"));
  redirect(place ? `/${place.workspaceId}/organization/contract/ending` : await homePath(ctx));
}
