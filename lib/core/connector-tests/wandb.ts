import { stopwatch } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { createWandb } from "#lib/core/wandb.ts";
import type { ConnectorTest } from "./trying.ts";

/** Begins a run in the named project, under a name of the connection, so that every test is the same run. */
export const wandbTest: ConnectorTest = async ({ id, settings, secret }, outgoing) => {
  const began = stopwatch();
  const wandb = createWandb(env().WANDB_URL, outgoing, secret.apiKey ?? "");
  const begun = await wandb.begin({
    project: String(settings.project),
    name: id.slice(-16),
    displayName: "comptoir test",
    config: { test: { value: true } },
  });
  const ms = Math.round(stopwatch() - began);
  if (!("status" in begun)) return { status: 200, ms, error: null };
  return { status: begun.status, ms, error: begun.status === null ? "There was no answer." : null };
};
