import { defineJob } from "#lib/core/jobs/define.ts";
import { deployTunedModels } from "./commands.ts";
import { deploying } from "./input.ts";

export const deployTunedModelsJob = defineJob({
  ...deploying,
  cron: "* * * * *",
  run: (ctx) => deployTunedModels(ctx),
});
