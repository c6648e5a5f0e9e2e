"use server";

import { refresh } from "next/cache";
import { action } from "#lib/action.ts";
import { reportAgent } from "#lib/agents/reports/commands.ts";
import { reportAgentInput } from "#lib/agents/reports/input.ts";
import { passOwnership, setSharing } from "#lib/agents/sharing/commands.ts";
import { personInput, sharingInput } from "#lib/agents/sharing/input.ts";
import { reachOf } from "#lib/agents/sharing/queries.ts";

export const preview = action({
  can: "agents.read",
  input: sharingInput,
  run: (ctx, { agent, ...sharing }) => reachOf(ctx, agent, sharing),
});

export const save = action({
  can: "agents.write",
  input: sharingInput,
  run: async (ctx, { agent, ...sharing }) => {
    await setSharing(ctx, agent, sharing);
    refresh();
  },
});

export const passOn = action({
  can: "agents.write",
  input: personInput,
  run: async (ctx, { agent, user }) => {
    await passOwnership(ctx, agent, user);
    refresh();
  },
});

export const report = action({
  can: "agents.read",
  input: reportAgentInput,
  run: async (ctx, input) => {
    await reportAgent(ctx, input);
  },
});
