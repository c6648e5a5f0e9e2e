import { uuidOf } from "#db/id.ts";
import { dayOf } from "#lib/core/clock.ts";
import type { CatalogueNews, Model, ModelEnding } from "./view.ts";

// The official clients know these; what no engine of ours offers is false.
const neverOffered = {
  reasoning: false,
  ocr: false,
  classification: false,
  moderation: false,
  audio: false,
  audio_transcription: false,
  audio_transcription_realtime: false,
  audio_speech: false,
  unified_resources: false,
};

type Listed = Model & { ending: ModelEnding | null };

/** A model as `/v1/models` shows it, under the name it was asked for by. */
export function modelCard(model: Listed, name = model.id) {
  const { embeddings: _embeddings, ...capabilities } = model.capabilities;
  return {
    id: name,
    object: "model",
    created: Math.floor(model.createdAt.getTime() / 1000),
    owned_by: model.ownedBy,
    capabilities: { ...neverOffered, ...capabilities },
    name: model.name,
    description: model.description,
    max_context_length: model.maxContextLength,
    aliases: [model.id, ...model.aliases].filter((other) => other !== name),
    deprecation: model.ending?.announcedAt.toISOString() ?? null,
    deprecation_replacement_model: model.ending?.replacement ?? null,
    retires_at: model.ending?.retiresAt?.toISOString() ?? null,
    shutdown_date: model.ending?.retiresAt ? dayOf(model.ending.retiresAt) : null,
    default_model_temperature: model.defaultTemperature,
    internal: false,
    ...kindOf(model),
  };
}

function kindOf({ tuned }: Model) {
  if (!tuned) return { type: "base" as const };
  return { type: "fine-tuned" as const, job: uuidOf(tuned.jobId), root: tuned.root, archived: tuned.isArchived };
}

/** Models as a key sees them: each under its own name and under each alias, as programs look for either. */
export function visibleCards(models: readonly Listed[], allowed: ReadonlySet<string> | null) {
  const isAllowed = (model: Listed, name: string) => !allowed || allowed.has(model.id) || allowed.has(name);
  return models
    .filter((model) => model.price !== null)
    .flatMap((model) =>
      [model.id, ...model.aliases].filter((name) => isAllowed(model, name)).map((name) => modelCard(model, name)),
    );
}

const inPath = (id: string): string => id.split("/").map(encodeURIComponent).join("/");

/** Where a model and its end can be read about, by people and by programs. */
export const modelPage = (id: string): string => `/docs/models/${inPath(id)}`;
export const modelAddress = (id: string): string => `/v1/models/${inPath(id)}`;

/** What the start of a server says of it: each with the command that does what the file cannot. */
export const newsLines = ({ unserved, prices, names }: CatalogueNews): string[] => [
  ...unserved.map(
    (id) =>
      `${id} is not in UPSTREAMS any more. Customers have six months of notice, so requests for it are answered with 503 until a server has it again. To end it: npm run admin -- model announce --model ${id} --replacement MODEL --retires DATE --reason WORDS`,
  ),
  ...prices.map(
    (id) =>
      `UPSTREAMS says another price of ${id} than holds. The one that holds is kept: set prices at /staff/prices.`,
  ),
  ...names.map(
    (name) =>
      `${name} stands for another model already, and stays with it. To move it: npm run admin -- alias move --alias ${name} --to MODEL --from DATE`,
  ),
];
