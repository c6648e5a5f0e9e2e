import type { AccountContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { Fault } from "#lib/core/errors.ts";
import { log } from "#lib/core/log.ts";
import type { Moderator } from "#lib/domain/abuse/scan/view.ts";
import { loadCatalogue } from "#lib/domain/models/catalogue.ts";
import { type Engines, openEngines } from "#lib/engine/engines.ts";
import { Cancellation } from "#lib/engine/port/cancellation.ts";

type Opened = { moderator: Moderator | null; close: () => Promise<void> };

const nothing: Opened = { moderator: null, close: async () => undefined };

/** A1: the model of ABUSE_MODEL, where one is named and an upstream serves it. The house pays for what it is asked. */
export async function openModerator(
  ctx: AccountContext,
  open: () => Engines = () => openEngines({ ...env(), EMBEDDED_MODELS: "off" }),
): Promise<Opened> {
  const { ABUSE_MODEL: name } = env();
  if (!name) return nothing;
  const model = (await loadCatalogue(ctx.db, ctx.now)).byName.get(name);
  if (!model?.available || !model.capabilities.moderation) {
    log("abuse.no-moderator", { clause: "T-4.2.2-ABUSE" });
    return nothing;
  }
  const engines = open();
  const judge: Moderator["judge"] = async (inputs) => {
    const engine = engines.of(model.upstream, model.id);
    if (!engine?.moderate) throw new Fault("The model of ABUSE_MODEL cannot be asked.");
    const bounds = { promptTokens: model.maxContextLength * inputs.length, completionTokens: 0 };
    return (await engine.moderate({ model: model.upstreamModel, inputs, bounds }, new Cancellation())).verdicts;
  };
  return { moderator: { model: model.id, judge }, close: () => engines.close() };
}
