import { CreditCard } from "lucide-react";
import { addMethod, choose, remove } from "#app/(console)/[workspace]/organization/billing/actions.ts";
import { BillingTabs, billingBase } from "#app/(console)/[workspace]/organization/billing/billing-tabs.tsx";
import { CameBack, cameBack } from "#app/(console)/[workspace]/organization/billing/came-back.tsx";
import { page } from "#app/doors/workspace-page.tsx";
import { TestMode } from "#components/billing/invoice-state.tsx";
import { MethodList } from "#components/billing/method-list.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { billingAccount } from "#lib/domain/billing/accounts/queries.ts";
import type { Account } from "#lib/domain/billing/accounts/view.ts";
import { currentPlan } from "#lib/domain/contract/values/queries.ts";
import { paymentMethodsOf } from "#lib/domain/payments/methods/queries.ts";
import { providerFor, providerOf } from "#lib/engine/payments/providers.ts";

const methodsPage = page({
  can: "billing.read",
  title: "Payment methods",
  description:
    "What advances and invoices are collected from. Card numbers are entered at the payment provider, never here.",
  load: async (ctx, { search }) => {
    const returned = await cameBack(ctx, search.page);
    const [account, methods, plan] = await Promise.all([billingAccount(ctx), paymentMethodsOf(ctx), currentPlan(ctx)]);
    return { returned, account, methods, plan };
  },
  head: ({ account, methods }, ctx) => ({
    tabs: <BillingTabs ctx={ctx} current="methods" />,
    badge: account && !account.livemode ? <TestMode /> : undefined,
    action: account && methods.length > 0 && can(ctx.actor, "billing.write") ? <Add ctx={ctx} /> : undefined,
  }),
  view: ({ returned, account, methods, plan }, ctx) => (
    <>
      <CameBack returned={returned} />
      {methods.length === 0 ? (
        <None ctx={ctx} account={account} />
      ) : (
        <MethodList
          methods={methods}
          now={ctx.now}
          pays={plan === "paid"}
          {...(can(ctx.actor, "billing.write") && { choose, remove })}
        />
      )}
    </>
  ),
});

export const { generateMetadata } = methodsPage;
export default methodsPage.default;

const Add = ({ ctx }: { ctx: Context }) => (
  <ButtonForm
    size="normal"
    button="Add payment method"
    values={{ returnTo: `${billingBase(ctx)}/methods` }}
    act={addMethod}
  />
);

/** By transfer there is nothing to add; before there is a profile there is no one to charge. */
function None({ ctx, account }: { ctx: Context; account: Account | null }) {
  const mayAdd = can(ctx.actor, "billing.write");
  if (!account) {
    return (
      <EmptyState
        icon={CreditCard}
        title="No payment method yet"
        action={
          mayAdd ? <LinkButton href={`${billingBase(ctx)}/profile`}>Fill in the billing profile</LinkButton> : undefined
        }
      >
        Say first who is billed. The free plan needs neither.
      </EmptyState>
    );
  }
  if (!providerOf(providerFor()).capabilities.hostedSetup) {
    return (
      <EmptyState icon={CreditCard} title="Invoices are paid by bank transfer">
        There is no payment method to add. Where to transfer to is on each invoice.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={CreditCard} title="No payment method yet" action={mayAdd ? <Add ctx={ctx} /> : undefined}>
      With a card or a direct debit mandate, advances and invoices are collected by themselves. Nothing is charged for
      adding one.
    </EmptyState>
  );
}
