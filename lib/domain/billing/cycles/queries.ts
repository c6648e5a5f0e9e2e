import { authorize } from "#lib/core/access/authorize.ts";
import { addDays } from "#lib/core/clock.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { contractSources } from "#lib/domain/contract/values/queries.ts";
import { effective, plainValue } from "#lib/domain/contract/values/rules.ts";
import { covers } from "#lib/domain/organizations/plan/rules.ts";
import type { Thresholds } from "./rules.ts";

/** What the contract says about billing at some moment. */
export type BillingTerms = {
  thresholds: Thresholds;
  collection: "auto" | "send_invoice";
  /** When an invoice of today is due that is sent, not collected. */
  dueAt: Date;
  /** The number of the order that holds. */
  poNumber: string | null;
  disputeDays: number;
  /** Net cents a month that are owed at least; nothing where there is no order. */
  commitmentCents: bigint;
};

export async function billingTerms(ctx: OrganizationContext, at: Date = ctx.now): Promise<BillingTerms> {
  authorize(ctx.actor, "billing.read");
  const facts = await contractSources(ctx);
  const thresholds = effective(facts, "thresholds", at);
  const order = facts.sources.find((source) => source.kind === "purchase_order" && covers(source, at.getTime()));
  const { amounts, step } = thresholds?.value ?? { amounts: [], step: null };
  return {
    thresholds: {
      ref: thresholds?.source.ref ?? "none",
      title: thresholds?.source.title ?? "your plan",
      amounts: amounts.map(BigInt),
      step: step === null ? null : BigInt(step),
    },
    collection: plainValue(facts, "collection", at),
    dueAt: addDays(ctx.now, plainValue(facts, "days.net", at)),
    poNumber: order?.title.replace(/^Purchase order /, "") ?? null,
    disputeDays: plainValue(facts, "days.dispute", at),
    commitmentCents: BigInt(plainValue(facts, "commitment", at)),
  };
}
