import { z } from "zod";
import { Fault } from "#lib/core/errors.ts";
import { defineJob } from "#lib/core/jobs/define.ts";
import { logError } from "#lib/core/log.ts";
import { verifyChains } from "./commands.ts";
import { flawWords } from "./rules.ts";

/** Every night, so that a page only has to check what came since. */
export const verifyChainsJob = defineJob({
  name: "audit.verify-chains",
  payload: z.unknown(),
  cron: "41 2 * * *",
  run: async (ctx) => {
    for (const { organizationId, flaws } of await verifyChains(ctx)) {
      if (flaws[0]) logError("audit.chain-broken", new Fault(flawWords(flaws[0])), { organization: organizationId });
    }
  },
});
