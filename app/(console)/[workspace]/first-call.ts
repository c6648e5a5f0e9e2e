import { baseUrl } from "#app/(console)/base-url.ts";
import type { Call } from "#components/keys/snippets.ts";
import type { Model } from "#lib/domain/models/view.ts";

const isChat = (model: Model): boolean => model.capabilities.completion_chat && model.price !== null;

/** Models that can answer: they talk, and have a price. */
export const chatModels = (models: readonly Model[]): Model[] => models.filter(isChat);

/** What the snippets call. */
export async function firstCall(models: readonly Model[]): Promise<Call> {
  const embedding = models.find((model) => model.capabilities.embeddings && model.price !== null);
  return {
    baseUrl: await baseUrl(),
    model: models.find(isChat)?.id ?? "MODEL",
    embeddingModel: embedding?.id ?? null,
  };
}
