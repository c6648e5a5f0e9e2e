export const languages = ["curl", "Python", "TypeScript"] as const;
export type Language = (typeof languages)[number];

export type Call = {
  /** Address of `/v1`. */
  baseUrl: string;
  model: string;
  /** What is asked for embeddings; null where no model has them. */
  embeddingModel?: string | null;
  /** What a first call does; a chat where nothing is said. */
  kind?: "chat" | "embeddings" | "models";
};

type Key = { scopes: readonly string[]; models: readonly string[] | null };

/** A first call that this key can make: with a scope that it has, and a model of its list. */
export function callFor({ scopes, models }: Key, call: Call): Call {
  const only = (name: string): string => (models === null || models.includes(name) ? name : (models[0] ?? name));
  if (scopes.includes("completions:create")) return { ...call, kind: "chat", model: only(call.model) };
  const isEmbedding = scopes.includes("embeddings:create");
  if (isEmbedding) return { ...call, kind: "embeddings", model: only(call.embeddingModel ?? "EMBEDDING-MODEL") };
  return { ...call, kind: "models" };
}

type Kind = NonNullable<Call["kind"]>;

const bodies: Readonly<Record<Exclude<Kind, "models">, { path: string; body: (model: string) => string }>> = {
  chat: {
    path: "chat/completions",
    body: (model) => `{"model": "${model}", "messages": [{"role": "user", "content": "Hello!"}]}`,
  },
  embeddings: { path: "embeddings", body: (model) => `{"model": "${model}", "input": "Hello!"}` },
};

function curl({ baseUrl, model, kind = "chat" }: Call): string {
  const key = `-H "Authorization: Bearer $COMPTOIR_API_KEY"`;
  if (kind === "models") return `curl ${baseUrl}/models \\\n  ${key}`;
  const { path, body } = bodies[kind];
  return `curl ${baseUrl}/${path} \\
  ${key} \\
  -H "Content-Type: application/json" \\
  -d '${body(model)}'`;
}

const pythonCalls: Readonly<Record<Kind, (model: string) => string>> = {
  chat: (model) => `answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.choices[0].message.content)`,
  embeddings: (model) => `answer = client.embeddings.create(model="${model}", input="Hello!")
print(len(answer.data[0].embedding))`,
  models: () => `for model in client.models.list():
    print(model.id)`,
};

const python = ({ baseUrl, model, kind = "chat" }: Call) => `# pip install openai
import os
from openai import OpenAI

client = OpenAI(base_url="${baseUrl}", api_key=os.environ["COMPTOIR_API_KEY"])
${pythonCalls[kind](model)}`;

const typescriptCalls: Readonly<Record<Kind, (model: string) => string>> = {
  chat: (model) => `const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello!" }],
});
console.log(answer.choices[0].message.content);`,
  embeddings: (model) => `const answer = await client.embeddings.create({ model: "${model}", input: "Hello!" });
console.log(answer.data[0].embedding.length);`,
  models: () => `for await (const model of client.models.list()) console.log(model.id);`,
};

const typescript = ({ baseUrl, model, kind = "chat" }: Call) => `// npm install openai
import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${baseUrl}", apiKey: process.env.COMPTOIR_API_KEY });
${typescriptCalls[kind](model)}`;

const writers: Record<Language, (call: Call) => string> = { curl, Python: python, TypeScript: typescript };

/** A first call to paste. The key comes from the environment, so that pasting it into code is never the easy way. */
export const snippet = (language: Language, call: Call): string => writers[language](call);

/** Puts a key where the snippets look for it. */
export const exportLine = (secret: string): string => `export COMPTOIR_API_KEY="${secret}"`;
