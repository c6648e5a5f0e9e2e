import { redirect } from "next/navigation";
import { placesOf } from "#app/(console)/places.ts";
import { homePath, signedInContext } from "#app/doors/session.ts";
import { can } from "#lib/core/access/authorize.ts";
import { grantsOf } from "#lib/domain/assistance/queries.ts";
import { isOver } from "#lib/domain/assistance/rules.ts";

/** Where letters about assistance lead: to the organization that has one which is not over. */
export default async function StaffAccessPage() {
  const ctx = await signedInContext("/staff-access");
  const places = (await placesOf(ctx)).filter(({ actor }) => can(actor, "privacy.read"));
  for (const place of places)
    if ((await grantsOf(place)).some(({ state }) => !isOver(state)))
      redirect(`/${place.workspaceId}/organization/privacy/staff-access`);
  const [first] = places;
  redirect(first ? `/${first.workspaceId}/organization/privacy/staff-access` : await homePath(ctx));
}
