import type { Metadata } from "next";
import { accountContext } from "#app/doors/session.ts";
import { AuthPanel } from "#components/account/auth-panel.tsx";
import { SubscribeForm } from "#components/status/subscribe-form.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { subscribableComponents } from "#lib/domain/status/subscriptions/queries.ts";
import { ask } from "./actions.ts";

export const metadata: Metadata = { title: "Status letters" };

/** For anyone, with or without an account. */
export default async function StatusLettersPage() {
  const components = await subscribableComponents(await accountContext());
  return (
    <AuthPanel
      title="Status letters"
      description="A letter when something goes wrong, when it is over, and when work is planned. Any letter ends them with one click."
      footer={<TextLink href="/status">Back to the status page</TextLink>}
    >
      <SubscribeForm components={components} ask={ask} />
    </AuthPanel>
  );
}
