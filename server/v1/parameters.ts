import {
  chatModerationParameters,
  chatParameters,
  completionParameters,
  embeddingParameters,
  fimParameters,
  moderationParameters,
} from "#lib/engine/port/input.ts";
import type { Parameters, Treatment } from "#lib/engine/port/parameters.ts";
import { agentParameters } from "#lib/gateway/inference/agent-input.ts";
import { responseParameters } from "#lib/gateway/inference/responses/input.ts";

const endpoints: readonly [string, Parameters][] = [
  ["POST /v1/chat/completions", chatParameters],
  ["POST /v1/responses", responseParameters],
  ["POST /v1/completions", completionParameters],
  ["POST /v1/fim/completions", fimParameters],
  ["POST /v1/embeddings", embeddingParameters],
  ["POST /v1/moderations", moderationParameters],
  ["POST /v1/chat/moderations", chatModerationParameters],
  ["POST /v1/agents/completions", agentParameters],
];

const order: readonly Treatment[] = ["used", "translated", "passed on", "ignored", "refused"];

/** docs/parameters.md, printed by `npm run admin -- parameters`. */
export const parametersPage = (): string =>
  [
    "# Parameters",
    "",
    "What becomes of each field of a request. A field is **used**, **translated** into another, **passed on** to the model's",
    "upstream, **ignored**, or **refused** with a sentence. What is passed on goes, as it was sent, to an upstream that declares",
    "it in `features.parameters` of `UPSTREAMS`, and is ignored elsewhere; so is every field that is not in these tables.",
    "An answer names what was ignored in the header `x-ignored-parameters`. `null` is as good as leaving a field out.",
    ...endpoints.flatMap(([name, parameters]) => ["", `## ${name}`, "", ...table(parameters)]),
    "",
  ].join("\n");

const table = (parameters: Parameters): string[] => [
  "| field | becomes | |",
  "|---|---|---|",
  ...order.flatMap((treatment) =>
    Object.entries(parameters)
      .filter(([, parameter]) => parameter.treatment === treatment)
      .map(([name, { says }]) => `| \`${name}\` | ${treatment} | ${says} |`),
  ),
];
