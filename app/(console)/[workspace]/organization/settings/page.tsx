import type { Metadata } from "next";
import { enter } from "#app/(console)/[workspace]/enter.ts";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { organizationOf } from "#lib/domain/organizations/queries.ts";
import { ContactCard } from "./contact/contact-card.tsx";
import { DomainsCard } from "./domains-card.tsx";
import { LeaveCard } from "./leave-card.tsx";
import { NameCard } from "./name-card.tsx";
import { SignInCard } from "./sign-in-card.tsx";

export const metadata: Metadata = { title: "Organization settings" };

/** One card for each thing that can be set, the everyday ones first and what cannot be undone last. */
export default async function SettingsPage({ params }: { params: Promise<{ workspace: string }> }) {
  const ctx = await enter(params);
  const organization = await organizationOf(ctx);
  return (
    <Page>
      <PageHeader title="Settings" description="What holds for the whole organization, in every workspace." />
      <NameCard ctx={ctx} organization={organization} />
      <ContactCard ctx={ctx} />
      <SignInCard ctx={ctx} />
      <DomainsCard ctx={ctx} />
      <LeaveCard ctx={ctx} organization={organization} />
    </Page>
  );
}
