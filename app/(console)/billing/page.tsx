import { redirect } from "next/navigation";
import { placesOf } from "#app/(console)/places.ts";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { homePath, signedInContext } from "#app/doors/session.ts";
import { isId } from "#db/id.ts";
import { can } from "#lib/core/access/authorize.ts";
import { hasInvoice } from "#lib/domain/billing/invoices/evidence/queries.ts";

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
