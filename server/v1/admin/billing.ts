import { z } from "zod";
import type { OrganizationContext } from "#lib/core/context.ts";
import { centsString, decimalString } from "#lib/core/money.ts";
import { monthAfter } from "#lib/domain/billing/cycles/rules.ts";
import { collectibleOf } from "#lib/domain/billing/invoices/rules.ts";
import { overview } from "#lib/domain/billing/overview/queries.ts";
import { nextOf } from "#lib/domain/billing/overview/rules.ts";
import { currentPlan } from "#lib/domain/contract/values/queries.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";
import { eur, invoiceOut, month, reference, referenceOut, states } from "./invoices.ts";

const overviewShape = z.object({
  plan: z.string(),
  month,
  fees_eur: eur.describe("What was used this month, net and exact."),
  thresholds: z.object({
    version: z.string().describe("Which document says them."),
    amounts_eur: z.array(eur),
    step_eur: eur.nullable().describe("After the last one, another each time this much more is used."),
    next_eur: eur.nullable().describe("The next one that use can meet."),
  }),
  advances: z.array(reference.extend({ state: z.enum(states), threshold_eur: eur.nullable() })),
  credit_eur: eur.describe("What of all credit is left."),
  owed_eur: eur.describe("What can be asked for now."),
  standing: z.object({
    state: z.enum(["good", "past_due", "blocked"]),
    since: z.iso.datetime().nullable(),
    reason: z.string().nullable().describe("Why requests are answered with 402."),
  }),
  next_invoice_on: z.iso.date(),
});

const standing = adminEndpoint({
  can: "billing.read",
  summary: "How billing stands: this month's fees, thresholds and advances, credit, what is owed.",
  output: overviewShape,
  run: async (ctx) => overviewOf(ctx),
});

async function overviewOf(ctx: OrganizationContext): Promise<z.input<typeof overviewShape>> {
  const [plan, seen] = await Promise.all([currentPlan(ctx), overview(ctx)]);
  const { thresholds, account, advances, owed } = seen;
  const { blockedAt = null, pastDueSince = null, blockedReason = null } = account ?? {};
  const charged = advances.map(({ thresholdCents }) => thresholdCents ?? 0n);
  const next = nextOf(
    thresholds,
    seen.usedPico,
    [seen.floorCents, ...charged].reduce((a, b) => (a > b ? a : b)),
  );
  return {
    plan,
    month: seen.month.slice(0, 7),
    fees_eur: decimalString(seen.usedPico),
    thresholds: {
      version: thresholds.ref,
      amounts_eur: thresholds.amounts.map(centsString),
      step_eur: thresholds.step === null ? null : centsString(thresholds.step),
      next_eur: next === null ? null : centsString(next),
    },
    advances: advances.map((advance) => {
      const { state, threshold_eur } = invoiceOut(advance, ctx.now);
      return { ...referenceOut(advance), state, threshold_eur };
    }),
    credit_eur: centsString(seen.creditCents),
    owed_eur: centsString(owed.reduce((sum, one) => sum + collectibleOf(one), 0n)),
    standing: {
      state: blockedAt ? "blocked" : pastDueSince ? "past_due" : "good",
      since: (blockedAt ?? pastDueSince)?.toISOString() ?? null,
      reason: blockedReason,
    },
    next_invoice_on: monthAfter(seen.month),
  };
}

export function adminBilling(routes: Routes): void {
  routes.get("/v1/admin/billing", standing);
}
