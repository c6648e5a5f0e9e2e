import { z } from "zod";
import { inOrganization } from "#lib/core/context.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { closeMonths } from "./closing/commands.ts";
import { expireCredits } from "./credits/commands.ts";
import { issueAdvances } from "./cycles/commands.ts";
import { followWindows } from "./disputes/window/commands.ts";
import { render } from "./documents/commands.ts";
import { renderDocument } from "./documents/rules.ts";
import { refreshStandings } from "./dunning/commands.ts";
import { applyDowngrades } from "./plan/commands.ts";
import { checkVatIds } from "./vat/checks/commands.ts";

/** T-5.2-ADV2: within a minute of the request that met a threshold, whichever process served it. */
export const issueAdvancesJob = defineJob({
  name: "billing.issue-advances",
  clause: "T-5.2-ADV2",
  payload: z.unknown(),
  cron: "* * * * *",
  run: async (ctx) => {
    await issueAdvances(ctx);
  },
});

/** T-5.2-EOC: each minute, because months end at midnight and requests of the old one may still be under way. */
export const closeMonthsJob = defineJob({
  name: "billing.close-months",
  clause: "T-5.2-EOC",
  payload: z.unknown(),
  cron: "* * * * *",
  run: async (ctx) => {
    await applyDowngrades(ctx);
    await closeMonths(ctx);
    await expireCredits(ctx);
    await refreshStandings(ctx);
  },
});

/** T-5.2-ADV3: the file of a document, and the e-mail that carries it. */
export const renderDocumentJob = defineJob({
  ...renderDocument,
  run: async (ctx, { organizationId, invoiceId }) => render(inOrganization(ctx, organizationId), invoiceId),
});

/** T-5.2-DISP: each hour, as the days of an order begin and end with it. */
export const followWindowsJob = defineJob({
  name: "billing.follow-windows",
  payload: z.unknown(),
  cron: "3 * * * *",
  run: (ctx) => followWindows(ctx),
});

export const checkVatIdsJob = defineJob({
  name: "billing.check-vat-ids",
  payload: z.unknown(),
  cron: "7 * * * *",
  run: async (ctx) => {
    await checkVatIds(ctx);
  },
});
