import { z } from "zod";
import { inOrganization } from "#lib/core/context.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { expireBundles, giveUpBundles, makeBundle } from "./commands.ts";
import { buildBundle } from "./rules.ts";

/** T-6-EFF: an archive that was asked for. */
export const buildBundleJob = defineJob({
  ...buildBundle,
  run: async (ctx, { organizationId, bundleId }) => makeBundle(inOrganization(ctx, organizationId), bundleId),
});

/** Archives are gone after a week, and given up where they could not be made. */
export const expireBundlesJob = defineJob({
  name: "contract.expire-bundles",
  payload: z.unknown(),
  cron: "* * * * *",
  run: async (ctx) => {
    await expireBundles(ctx);
    await giveUpBundles(ctx);
  },
});
