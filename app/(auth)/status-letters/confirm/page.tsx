import type { Metadata } from "next";
import { confirm } from "#app/(auth)/status-letters/actions.ts";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { TextLink } from "#components/ui/text-link.tsx";

export const metadata: Metadata = { title: "Confirm status letters" };

/** A button and not the link itself: mail scanners follow links, and would subscribe addresses that never asked. */
export default async function ConfirmStatusLettersPage({ searchParams }: { searchParams: SearchParams }) {
  const { token = "" } = await firstOf(searchParams);
  return (
    <AuthPanel
      title="Confirm status letters"
      description="From then on this address gets a letter for each update, until you end them."
      footer={<TextLink href="/status-letters">Ask for another letter</TextLink>}
    >
      <ButtonForm
        size="large"
        button="Confirm"
        done="Confirmed. You hear of the next incident and of planned work."
        values={{ token }}
        act={confirm}
      />
    </AuthPanel>
  );
}
