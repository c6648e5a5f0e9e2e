import { z } from "zod";
import { defineJob } from "#lib/core/jobs/define.ts";
import { forgetLinks } from "./commands.ts";

export const forgetLinksJob = defineJob({
  name: "guests.forget-links",
  payload: z.unknown(),
  cron: "43 3 * * *",
  run: (ctx) => forgetLinks(ctx),
});
