import { save } from "#app/(console)/[workspace]/organization/billing/actions.ts";
import { BillingTabs } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { denial } from "#app/doors/refused.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { countryOptions } from "#components/billing/countries.ts";
import { ProfileForm } from "#components/billing/profile-form.tsx";
import { billingAccount } from "#lib/domain/billing/accounts/queries.ts";
import { organizationOf } from "#lib/domain/organizations/queries.ts";

const profile = page({
  can: "billing.read",
  title: "Billing profile",
  description: "Who invoices are made out to and where they go. Documents keep what it was when they were issued.",
  load: async (ctx) => {
    const [account, organization, reason] = await Promise.all([
      billingAccount(ctx),
      organizationOf(ctx),
      denial(ctx, "billing.write"),
    ]);
    return { account, organization, reason };
  },
  head: (_, ctx) => ({ tabs: <BillingTabs ctx={ctx} current="profile" /> }),
  view: ({ account, organization, reason }) => (
    <ProfileForm
      profile={
        account
          ? {
              ...account.address,
              type: organization.customerType,
              name: account.name,
              vatId: account.vatId,
              poNumber: account.poNumber,
              emails: account.emails,
            }
          : { type: organization.customerType, name: organization.name }
      }
      vatStatus={account?.vatStatus ?? "none"}
      countries={countryOptions}
      reason={reason}
      save={save}
    />
  ),
});

export const { generateMetadata } = profile;
export default profile.default;
