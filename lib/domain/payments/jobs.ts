import { z } from "zod";
import { inOrganization } from "#lib/core/context.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { collectInvoice } from "#lib/domain/billing/documents/rules.ts";
import { collect, lookUpPayments } from "./attempts/commands.ts";
import { dun } from "./dunning/commands.ts";
import { workOffEvent } from "./inbox/commands.ts";
import { eventWork } from "./inbox/rules.ts";
import { sweepPages } from "./pages/commands.ts";
import { reconcile } from "./reconciliation/commands.ts";
import { lookUpRefunds } from "./refunds/commands.ts";

/** T-5.2-BILL: billing occurs simultaneously with payment. */
export const collectInvoiceJob = defineJob({
  ...collectInvoice,
  run: async (ctx, { organizationId, invoiceId }) => {
    await collect(inOrganization(ctx, organizationId), invoiceId);
  },
});

export const workOffEventJob = defineJob({
  ...eventWork,
  run: async (ctx, { provider, eventId }) => workOffEvent(ctx, provider, eventId),
});

/** Outcomes that are open, pages that were left, and steps of dunning that are due. */
export const sweepPaymentsJob = defineJob({
  name: "payments.sweep",
  payload: z.unknown(),
  cron: "* * * * *",
  run: async (ctx) => {
    await sweepPages(ctx);
    await lookUpPayments(ctx);
    await lookUpRefunds(ctx);
    await dun(ctx);
  },
});

export const reconcileJob = defineJob({
  name: "payments.reconcile",
  payload: z.unknown(),
  cron: "40 3 * * *",
  run: async (ctx) => {
    await reconcile(ctx);
  },
});
