/** The parts of the API's document, each with the addresses that belong to it; the first that fits counts. */
const parts: readonly { name: string; description: string; paths: RegExp }[] = [
  {
    name: "Chat",
    description: "Answers to conversations, and texts that go on.",
    paths: /^\/v1\/(chat\/completions|fim|completions)/,
  },
  { name: "Responses", description: "OpenAI's Responses API, with stored responses.", paths: /^\/v1\/responses/ },
  { name: "Embeddings", description: "Vectors of texts.", paths: /^\/v1\/embeddings/ },
  {
    name: "Moderations",
    description: "Whether texts and conversations are harmful.",
    paths: /^\/v1\/(chat\/)?moderations/,
  },
  { name: "Models", description: "What a key can ask.", paths: /^\/v1\/models/ },
  { name: "Agents", description: "Agents, their versions and aliases.", paths: /^\/v1\/agents/ },
  { name: "Conversations", description: "Conversations that are kept.", paths: /^\/v1\/conversations/ },
  { name: "Files", description: "Data sets and requests of batches.", paths: /^\/v1\/files/ },
  { name: "Uploads", description: "Uploads that can be interrupted, by the tus protocol.", paths: /^\/v1\/uploads/ },
  { name: "Batch", description: "Many requests at half the price.", paths: /^\/v1\/batch/ },
  { name: "Fine-tuning", description: "Jobs and tuned models.", paths: /^\/v1\/fine_tuning/ },
  {
    name: "Training workers",
    description: "What workers of an operator speak that train models.",
    paths: /^\/v1\/trainer/,
  },
  {
    name: "Admin: people",
    description: "Members, invitations, roles and workspaces.",
    paths: /^\/v1\/admin\/(users|roles|workspaces)/,
  },
  {
    name: "Admin: keys and limits",
    description: "API keys, spend and rate limits, web origins.",
    paths: /^\/v1\/admin\/(api-keys|spend-limit|rate-limit|web-origins)/,
  },
  {
    name: "Admin: billing and usage",
    description: "What was used, what it costs, and what is owed.",
    paths: /^\/v1\/admin\/(billing|invoices|usage)/,
  },
  {
    name: "Admin: agreement",
    description: "The agreement, its clauses and deadlines, and the ends of models.",
    paths: /^\/v1\/admin\/(contract|deadlines|models)/,
  },
  {
    name: "Admin: data and audit",
    description: "What is kept and what was deleted, end users, and the audit log.",
    paths: /^\/v1\/admin\/(audit-logs|data-ledger|monitoring|receipts|end-users|zero-retention|staff-access)/,
  },
  { name: "Admin: help", description: "Tickets.", paths: /^\/v1\/admin\/tickets/ },
  {
    name: "Admin: integrations",
    description: "Services that are connected, and exports.",
    paths: /^\/v1\/admin\/(integrations|exports)/,
  },
  { name: "Admin: other", description: "What else programs of an organization can do.", paths: /^\/v1\/admin/ },
  { name: "About", description: "Where the API is described.", paths: /^\/v1/ },
];

export const tagOf = (path: string): string => parts.find(({ paths }) => paths.test(path))?.name ?? "About";

/** Those that have an address. */
export const tagsOf = (paths: readonly string[]): { name: string; description: string }[] => {
  const used = new Set(paths.map(tagOf));
  return parts.filter(({ name }) => used.has(name)).map(({ name, description }) => ({ name, description }));
};
