import type { Metadata } from "next";
import { firstOf, type SearchParams } from "#app/doors/search-params.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { unsubscriptionOf } from "#lib/core/mail/unsubscribe.ts";
import { leave } from "./actions.ts";

export const metadata: Metadata = { title: "No more of these letters" };

/** Where a mail program leads that knows no one-click header; following the link alone changes nothing. */
export default async function UnsubscribePage({ searchParams }: { searchParams: SearchParams }) {
  const { code = "" } = await firstOf(searchParams);
  const asked = unsubscriptionOf(code);
  if (asked && "email" in asked)
    return (
      <AuthPanel
        title="No more status letters"
        description="The status page goes on telling what happens."
        footer={<TextLink href="/status">See the status page</TextLink>}
      >
        <ButtonForm
          size="large"
          button="End these e-mails"
          done="Done. This address gets no more status letters."
          values={{ code }}
          act={leave}
        />
      </AuthPanel>
    );
  return (
    <AuthPanel
      title="No more of these letters"
      description="Notices of this kind stay in the console; only the e-mail ends."
      footer={<TextLink href="/account/notices">Choose for each kind</TextLink>}
    >
      <ButtonForm
        size="large"
        button="End these e-mails"
        done="Done. You find notices of this kind in the console."
        values={{ code }}
        act={leave}
      />
    </AuthPanel>
  );
}
