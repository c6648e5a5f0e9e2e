export const languages = ["curl", "Python", "TypeScript"] as const;
export type Language = (typeof languages)[number];

export type Call = { /** Address of `/v1`. */ baseUrl: string; model: string };

const curl = ({ baseUrl, model }: Call) => `curl ${baseUrl}/chat/completions \\
  -H "Authorization: Bearer $COMPTOIR_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello!"}]}'`;

const python = ({ baseUrl, model }: Call) => `# pip install openai
import os
from openai import OpenAI

client = OpenAI(base_url="${baseUrl}", api_key=os.environ["COMPTOIR_API_KEY"])
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.choices[0].message.content)`;

const typescript = ({ baseUrl, model }: Call) => `// npm install openai
import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${baseUrl}", apiKey: process.env.COMPTOIR_API_KEY });
const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello!" }],
});
console.log(answer.choices[0].message.content);`;

const writers: Record<Language, (call: Call) => string> = { curl, Python: python, TypeScript: typescript };

/** A first call to paste. The key comes from the environment, so that pasting it into code is never the easy way. */
export const snippet = (language: Language, call: Call): string => writers[language](call);

/** Puts a key where the snippets look for it. */
export const exportLine = (secret: string): string => `export COMPTOIR_API_KEY="${secret}"`;
