/** Programs that ask as themselves, as their user-agents begin. */
const names = [
  "mistral-client-python",
  "mistral-client-js",
  "speakeasy-sdk/python",
  "speakeasy-sdk/typescript",
  "OpenAI/Python",
  "OpenAI/JS",
  "AsyncOpenAI/Python",
  "codex_cli_rs",
  "ai-sdk",
  "langchain",
  "litellm",
  "python-requests",
  "python-httpx",
  "aiohttp",
  "curl",
  "node",
  "undici",
  "axios",
  "okhttp",
  "Go-http-client",
  "PostmanRuntime",
];

const known = new RegExp(
  `^(?:${names.map((name) => name.replaceAll(/[/.]/g, "\\$&")).join("|")})(?:[/ ]v?\\d+(?:\\.\\d+){0,3})?(?=$|[ ;+-])`,
);

/** The name and version of a program that is known. Whatever else a user-agent says could be anything. */
export const clientNameOf = (agent: string): string => known.exec(agent)?.[0] ?? "other";
