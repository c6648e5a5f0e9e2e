import type { Model } from "#lib/domain/models/view.ts";

type Asking = {
  port: number;
  secret: string;
  models: readonly Model[];
  canary: string;
  headers: Record<string, string>;
};

type Ask = { path: string; body: unknown; method?: string; hangUp?: boolean; headers?: Record<string, string> };

/** What an engine is told to do; the words without meaning are simply answered. */
const fates = ["plain", "fail-unavailable", "fail-invalid", "fail-broken", "fail-midway"];

/** Every kind of request there is, with the canary in every place that takes a word. */
function asksWith({ models, canary, secret }: Asking): Ask[] {
  const named = (can: keyof Model["capabilities"]) =>
    models.find(({ capabilities }) => capabilities[can])?.id ?? canary;
  const [chat, fim, embed] = [named("completion_chat"), named("completion_fim"), named("embeddings")];
  const side = { user: canary, metadata: { note: canary }, prompt_cache_key: canary };
  const said = (fate: string) => `${canary} ${fate}`;
  const parameters = { type: "object", properties: { [canary]: { type: "string", description: canary } } };
  const tools = [{ type: "function", function: { name: "look", description: canary, parameters } }];
  const answered = fates.flatMap((fate) => {
    const messages = [{ role: "user", content: said(fate) }];
    return [true, false].flatMap((stream): Ask[] => [
      { path: "/v1/chat/completions", body: { model: chat, messages, stream, tools, ...side } },
      { path: "/v1/fim/completions", body: { model: fim, prompt: said(fate), suffix: canary, stream, ...side } },
      { path: "/v1/completions", body: { model: fim, prompt: said(fate), stream, ...side } },
      { path: "/v1/responses", body: { model: chat, input: said(fate), stream, store: false, ...side } },
    ]);
  });
  const messages = [{ role: "user", content: canary }];
  return [
    ...answered,
    { path: "/v1/embeddings", body: { model: embed, input: [canary], ...side } },
    { path: "/v1/moderations", body: { model: chat, input: canary } },
    { path: "/v1/chat/completions", body: { model: chat, messages, stream: true }, hangUp: true },
    { path: "/v1/chat/completions", body: { model: canary, messages } },
    { path: "/v1/chat/completions", body: { model: chat, messages: canary } },
    { path: "/v1/chat/completions", body: `{"model": "${chat}", "messages": [{"content": "${canary}"` },
    {
      path: "/v1/chat/completions",
      body: { model: chat, messages: [{ role: "user", content: `${canary} ${secret}` }] },
    },
    { path: "/v1/chat/completions", body: { model: chat, messages }, headers: { "user-agent": `${canary}/1.0` } },
    { path: "/v1/responses", body: { model: chat, input: canary } },
    { path: "/v1/conversations", body: { model: chat, inputs: canary, name: canary, metadata: { note: canary } } },
    { path: "/v1/agents", body: { model: chat, name: canary, instructions: canary } },
    { path: `/v1/${canary}`, body: {} },
  ];
}

/** One plain request to a model; what it answered, in a status. */
export const askPlainly = (asking: Omit<Asking, "models">, model: string): Promise<number> => {
  const messages = [{ role: "user", content: asking.canary }];
  const body = { model, messages, max_tokens: 1 };
  return ask({ ...asking, models: [] }, { path: "/v1/chat/completions", body }).catch(() => 0);
};

async function ask({ port, secret, headers }: Asking, { path, body, hangUp, headers: own }: Ask): Promise<number> {
  const leaving = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", ...headers, ...own },
    body: typeof body === "string" ? body : JSON.stringify(body),
    signal: leaving.signal,
  });
  if (hangUp) leaving.abort();
  await response.arrayBuffer().catch(() => undefined);
  return response.status;
}

/** Asks in every way there is, or only in the first ones; how often each status was answered. */
export async function askEverything(asking: Asking, most?: number): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {};
  for (const one of asksWith(asking).slice(0, most)) {
    const status = await ask(asking, one).catch(() => 0);
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return statuses;
}
