import type { Metadata } from "next";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { GuestLinkForm } from "#components/guests/guest-link-form.tsx";
import { GuestTicketForm } from "#components/guests/guest-ticket-form.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { openTicket, sendLink } from "./actions.ts";

export const metadata: Metadata = { title: "Request a deletion" };

/** For former customers without an admin. It looks the same for a good link and a bad one. */
export default async function RequestPage({ searchParams }: { searchParams: SearchParams }) {
  const { token } = await firstOf(searchParams);
  if (token)
    return (
      <AuthPanel
        title="What should be deleted?"
        description="Agents are gone within 10 days, other data within 30. Our staff check who you are first: have the number of an invoice at hand, or access to your domain's records."
      >
        <GuestTicketForm token={token} open={openTicket} />
      </AuthPanel>
    );
  return (
    <AuthPanel
      title="Request a deletion"
      description="For organizations whose contract has ended and that have no admin left. We send a link to the registration contact; it works once, for 24 hours."
      footer={
        <>
          Can you sign in? <TextLink href="/sign-in">Open a ticket in Help</TextLink>
        </>
      }
    >
      <GuestLinkForm send={sendLink} />
    </AuthPanel>
  );
}
