import { chatModels } from "#app/(console)/[workspace]/first-call.ts";
import type { PartnerValue } from "#components/chat/chat-requests.ts";
import type { ChatAgent } from "#components/chat/composer.tsx";
import type { AgentNames } from "#components/chat/maker-words.ts";
import type { Option } from "#components/ui/select.tsx";
import type { Context } from "#lib/core/context.ts";
import { agentsOf } from "#lib/domain/agents/queries.ts";
import { receiptsOf } from "#lib/domain/agents/receipts/queries.ts";
import { modelsToAsk } from "#lib/domain/tuned-models/listing/queries.ts";

export type Partners = {
  /** Who a conversation can be with; agents that the chat offers, and models. */
  options: Option[];
  /** The agents an `@` calls. */
  agents: ChatAgent[];
  names: AgentNames;
  models: string[];
};

/** Everyone who can answer a person, and what those are called who did. */
export async function partnersOf(ctx: Context): Promise<Partners> {
  const [models, visible, receipts] = await Promise.all([modelsToAsk(ctx), agentsOf(ctx), receiptsOf(ctx)]);
  const usable = visible.filter(({ rights }) => rights.has("use"));
  const ids = chatModels(models).map(({ id }) => id);
  const offered = usable.filter(({ deploymentChat }) => deploymentChat);
  const optionOf = (value: PartnerValue, label: string): Option => ({ value, label });
  return {
    options: [
      ...ids.map((id) => optionOf(`model:${id}`, id)),
      ...offered.map(({ id, name, handle }) => optionOf(`agent:${id}`, `${name} (@${handle})`)),
    ],
    agents: usable.map(({ id, name, handle, color }) => ({ id, name, handle, color })),
    names: Object.fromEntries([
      ...receipts.map(({ agentId, name }) => [agentId, `${name} (deleted)`]),
      ...visible.map(({ id, name }) => [id, name]),
    ]),
    models: ids,
  };
}
