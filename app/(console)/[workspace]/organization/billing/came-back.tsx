import { Notice } from "#components/ui/notice.tsx";
import { isId } from "#db/id.ts";
import { can } from "#lib/core/access/authorize.ts";
import type { Context } from "#lib/core/context.ts";
import { logError } from "#lib/core/log.ts";
import { completePage } from "#lib/domain/payments/pages/commands.ts";
import { hostedPage } from "#lib/domain/payments/pages/queries.ts";

export type Returned = { kind: "setup" | "payment"; state: "open" | "complete" | "expired" | "unknown" };

/** What a person did on the provider's page that they come back from; null when they come from elsewhere. */
export async function cameBack(ctx: Context, page: string | undefined): Promise<Returned | null> {
  if (!page || !isId("hostedPage", page) || !can(ctx.actor, "billing.write")) return null;
  const row = await hostedPage(ctx, page);
  if (!row) return null;
  try {
    return { kind: row.kind, state: await completePage(ctx, page) };
  } catch (error) {
    // A job asks again; the page they come back to is shown meanwhile.
    logError("billing.came-back", error, { page });
    return { kind: row.kind, state: "unknown" };
  }
}

const words = {
  setup: {
    complete: ["good", "The payment method was added", "Advances and invoices are collected from it from now on."],
    open: ["info", "No payment method was added", "You left the page before anything was entered."],
    expired: ["warn", "No payment method was added", "The page has expired. Add a payment method again."],
    unknown: ["warn", "Not known yet", "The provider did not answer. The method appears here once it does."],
  },
  payment: {
    complete: ["good", "The payment was made", "It is below with its state; a direct debit takes days to arrive."],
    open: ["info", "Nothing was paid", "You left the page before you paid. You can pay at any time."],
    expired: ["warn", "Nothing was paid", "The payment was refused, or the page has expired. Pay again."],
    unknown: ["warn", "Not known yet", "The provider did not answer. The payment appears below once it does."],
  },
} as const;

export function CameBack({ returned }: { returned: Returned | null }) {
  if (!returned) return null;
  const [tone, title, text] = words[returned.kind][returned.state];
  return (
    <div role="status">
      <Notice tone={tone} title={title}>
        {text}
      </Notice>
    </div>
  );
}
