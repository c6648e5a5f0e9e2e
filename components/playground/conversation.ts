import type { Price, Tokens } from "#lib/core/money.ts";
import type { Model } from "#lib/domain/models/view.ts";

/** A model with a price: only those can be asked. */
export type PlaygroundModel = Pick<Model, "id" | "name" | "upstream" | "maxContextLength"> & { price: Price };

/** What the fields hold; an empty text leaves the choice to the model. */
export type Settings = {
  model: string;
  system: string;
  temperature: string;
  maxTokens: string;
  topP: string;
  seed: string;
};

export type Answer = {
  text: string;
  thought: string;
  state: "streaming" | "done" | "stopped" | "failed";
  /** The body that was sent, to the byte. */
  sent: string;
  model: string;
  requestId?: string | undefined;
  finishReason?: string | undefined;
  usage?: Tokens | undefined;
  firstByteMs?: number | undefined;
  latencyMs?: number | undefined;
  problem?: string | undefined;
};

export type Turn = { id: number; question: string; answer: Answer };

type Message = { role: "system" | "user" | "assistant"; content: string };

/** A failed answer is not part of what the model is told was said. */
function spoken(turns: readonly Turn[]): Message[] {
  return turns
    .filter(({ answer }) => answer.state !== "failed" && answer.text !== "")
    .flatMap(({ question, answer }): Message[] => [
      { role: "user", content: question },
      { role: "assistant", content: answer.text },
    ]);
}

const numberOf = (text: string): number | undefined => {
  const typed = text.trim().replace(",", ".");
  return typed === "" ? undefined : Number(typed);
};

/** The request's body: only what was chosen, so that the model's own defaults show in what is sent. */
export function bodyOf(settings: Settings, turns: readonly Turn[], question: string): string {
  const system: Message[] = settings.system.trim() ? [{ role: "system", content: settings.system }] : [];
  const messages: Message[] = [...system, ...spoken(turns), { role: "user", content: question }];
  return JSON.stringify({
    model: settings.model,
    messages,
    temperature: numberOf(settings.temperature),
    max_tokens: numberOf(settings.maxTokens),
    top_p: numberOf(settings.topP),
    random_seed: numberOf(settings.seed),
    stream: true,
  });
}

/** The same request for a terminal. The key comes from the environment: the playground's own is no one's to copy. */
export function asCurl(baseUrl: string, sent: string): string {
  const pretty = JSON.stringify(JSON.parse(sent), null, 2).replaceAll("'", String.raw`'\''`);
  return [
    `curl -N ${baseUrl}/chat/completions \\`,
    `  -H "Authorization: Bearer $COMPTOIR_API_KEY" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '${pretty}'`,
  ].join("\n");
}
