"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { dismissReport, renameReported } from "#lib/domain/agents/reports/desk/commands.ts";
import { dismissReportInput, renameReportedInput } from "#lib/domain/agents/reports/input.ts";

export const rename = action({
  can: "agents.decide",
  input: renameReportedInput,
  run: async (ctx, input) => {
    await renameReported(ctx, input);
    refresh();
  },
});

export const dismiss = action({
  can: "agents.decide",
  input: dismissReportInput,
  run: async (ctx, input) => {
    await dismissReport(ctx, input);
    refresh();
  },
});
