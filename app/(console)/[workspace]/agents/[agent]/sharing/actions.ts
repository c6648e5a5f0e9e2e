"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { reportAgent } from "#lib/domain/agents/reports/commands.ts";
import { reportAgentInput } from "#lib/domain/agents/reports/input.ts";
import { passOwnership, setSharing } from "#lib/domain/agents/sharing/commands.ts";
import { personInput, sharingInput } from "#lib/domain/agents/sharing/input.ts";
import { reachOf } from "#lib/domain/agents/sharing/queries.ts";

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
