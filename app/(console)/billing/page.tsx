import { redirect } from "next/navigation";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { homePath, signedInContext, workspaceContext } from "#app/doors/session.ts";
import { isId } from "#db/id.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { AppError } from "#lib/core/errors.ts";
import { hasInvoice } from "#lib/domain/billing/invoices/evidence/queries.ts";
import { myWorkspaces } from "#lib/domain/organizations/queries.ts";

/** Where e-mails about money lead: to the organization that the document is of, seen from one of its workspaces. */
export default async function BillingPage({ searchParams }: { searchParams: SearchParams }) {
  const { invoice } = await firstOf(searchParams);
  const path = invoice ? `/billing?${new URLSearchParams({ invoice })}` : "/billing";
  const ctx = await signedInContext(path);
  const id = invoice && isId("invoice", invoice) ? invoice : undefined;
  const places = await placesOf(ctx);
  for (const place of places) {
    if (id && can(place.actor, "billing.read") && (await hasInvoice(place, id)))
      redirect(`/${place.workspaceId}/organization/billing/invoices/${id}`);
  }
  const first = places.find(({ actor }) => can(actor, "billing.read")) ?? places[0];
  redirect(first ? `/${first.workspaceId}/organization/billing` : await homePath(ctx));
}

/** One workspace of each organization that the person can enter now. */
async function placesOf(ctx: AccountContext): Promise<Context[]> {
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
