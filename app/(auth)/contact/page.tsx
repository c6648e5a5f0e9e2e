import type { Metadata } from "next";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { confirm } from "./actions.ts";

export const metadata: Metadata = { title: "Confirm the registration contact" };

/** A button and not the link itself: mail scanners follow links and would use this one up. */
export default async function ContactPage({ searchParams }: { searchParams: SearchParams }) {
  const { token = "" } = await firstOf(searchParams);
  return (
    <AuthPanel
      title="Confirm this address"
      description="From then on, notices about the organization's contract come here and no longer to the contact before."
    >
      <ButtonForm
        size="large"
        button="Confirm address"
        done="Confirmed. Notices about the contract come to this address from now on."
        values={{ token }}
        act={confirm}
      />
    </AuthPanel>
  );
}
