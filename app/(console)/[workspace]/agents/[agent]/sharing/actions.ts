"use server";

import { action } from "#app/doors/action.ts";
import { reportAgent } from "#lib/domain/agents/reports/commands.ts";
import { reportAgentInput } from "#lib/domain/agents/reports/input.ts";
import { passOwnership, setSharing } from "#lib/domain/agents/sharing/commands.ts";
import { sharingInput } from "#lib/domain/agents/sharing/input.ts";
import { reachOf } from "#lib/domain/agents/sharing/queries.ts";

export const preview = action({
  can: "agents.read",
  input: sharingInput,
  run: (ctx, { agent, ...sharing }) => reachOf(ctx, agent, sharing),
});

export const save = action(setSharing);

export const passOn = action(passOwnership);

export const report = action({
  can: "agents.read",
  input: reportAgentInput,
  run: async (ctx, input) => {
    await reportAgent(ctx, input);
  },
});
