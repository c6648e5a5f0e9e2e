import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { forgetOldAttempts } from "./attempts/commands.ts";
import { forgetOldDevices } from "./devices/commands.ts";
import { forgetOldChallenges } from "./passkeys/commands.ts";
import { forgetOldPending } from "./pending/commands.ts";
import { forgetOldSessions } from "./sessions/commands.ts";
import { forgetOldTokens } from "./tokens/commands.ts";

/** Forgets what only mattered while a person was signing in. */
export const forgetOldSignIns = defineJob({
  name: "account.forget-old-sign-ins",
  payload: z.object({}),
  cron: "17 3 * * *",
  run: async (ctx) => {
    await forgetOldAttempts(ctx);
    await forgetOldTokens(ctx);
    await forgetOldSessions(ctx);
    await forgetOldPending(ctx);
    await forgetOldChallenges(ctx);
    await forgetOldDevices(ctx);
  },
});
