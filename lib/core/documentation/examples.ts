import { choicesOf, type Operation, type Schema } from "./reference.ts";

/** What examples say of this installation. */
export type ExampleFacts = { origin: string; model: string };

/** Values for fields whose type alone would not make sense. */
const values = (model: string): Readonly<Record<string, unknown>> => ({
  model,
  messages: [{ role: "user", content: "Hello!" }],
  input: "Hello!",
  inputs: "Hello!",
  prompt: "def greet():",
  email: "ada@example.com",
  name: "Example",
  training_files: [{ file_id: fileId, weight: 1 }],
  hyperparameters: { training_steps: 10, learning_rate: 0.0001 },
  input_files: [fileId],
  input_file_id: fileId,
  completion_window: "24h",
  version_message: "First",
  origins: ["https://app.example.com"],
});

const fileId = "0199c3f2-4a8e-7b13-a1d5-c2e84f60b97d";
const deepest = 6;

/** Bodies that the operation's own rules ask for, beyond what its schema requires. */
const bodies: Readonly<Record<string, (model: string) => Record<string, unknown>>> = {
  postV1Embeddings: (model) => ({ model, input: ["Hello!"] }),
  postV1ChatModerations: (model) => ({ model, input: [{ role: "user", content: "Hello!" }] }),
  postV1Conversations: (model) => ({ model, inputs: "Hello!" }),
  postV1ConversationsById: () => ({ inputs: "And then?" }),
  postV1FimCompletions: (model) => ({ model, prompt: "def greet():", suffix: "greet()" }),
  postV1Completions: (model) => ({ model, prompt: "The library opens" }),
  postV1FineTuningJobs: (model) => ({
    model,
    training_files: [{ file_id: fileId, weight: 1 }],
    hyperparameters: { epochs: 3 },
    suffix: "support",
  }),
  postV1BatchJobs: (model) => ({ model, endpoint: "/v1/chat/completions", input_files: [fileId] }),
  patchV1AgentsById: () => ({ instructions: "Answer in one sentence." }),
  patchV1FineTuningModelsById: () => ({ name: "Support" }),
  postV1AdminTickets: () => ({ kind: "question", subject: "Invoices", body: "Where do I find them?" }),
};

/** A body of an operation to begin with. */
export const bodyExampleOf = ({ anchor, body }: Pick<Operation, "anchor" | "body">, model: string): unknown =>
  bodies[anchor]?.(model) ?? (body && exampleOf(body.schema, model));

/** A body with what has to be in it and nothing else. */
function exampleOf(schema: Schema, model: string, name = "", depth = 0): unknown {
  const known = values(model)[name];
  if (known !== undefined) return known;
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const [choice] = choicesOf(schema);
  if (choice) return exampleOf(choice, model, name, depth);
  if (depth > deepest) return null;
  return exampleOfType(schema, model, name, depth);
}

function exampleOfType(schema: Schema, model: string, name: string, depth: number): unknown {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "array") return schema.items ? [exampleOf(schema.items, model, "", depth + 1)] : [];
  if (type === "integer" || type === "number") return Math.max(1, schema.minimum ?? 1);
  if (type === "boolean") return true;
  if (type === "string") return stringOf(schema, name);
  const required = schema.required ?? [];
  return Object.fromEntries(
    required.map((field) => [field, exampleOf(schema.properties?.[field] ?? {}, model, field, depth + 1)]),
  );
}

function stringOf({ format, minLength = 0 }: Schema, name: string): string {
  if (format === "date-time") return "2027-01-01T00:00:00Z";
  if (format === "uuid") return fileId;
  if (/_uuid$|^(user|admin_user)_id$/.test(name)) return fileId;
  if (/_id$|^id$/.test(name)) return name.toUpperCase();
  return "Example".padEnd(minLength, ".");
}

/** The header that a kind of key goes in. */
const keyHeaders: Readonly<Record<string, readonly [name: string, prefix: string, variable: string] | undefined>> = {
  api: ["Authorization", "Bearer ", "COMPTOIR_API_KEY"],
  admin: ["x-api-key", "", "COMPTOIR_ADMIN_KEY"],
  trainer: ["Authorization", "Bearer ", "TRAINER_TOKEN"],
};

type Call = { method: string; url: string; key: ReturnType<typeof keyOf>; body: string | null; isForm: boolean };

const keyOf = (kind: string) => {
  const [name, prefix, variable] = keyHeaders[kind] ?? [];
  return name === undefined ? null : { name, prefix, variable };
};

const curl = ({ method, url, key, body, isForm }: Call): string =>
  [
    `curl ${method === "GET" ? "" : `-X ${method} `}"${url}"`,
    ...(key ? [`-H "${key.name}: ${key.prefix}$${key.variable}"`] : []),
    ...(isForm ? [`-F purpose=fine-tune -F file=@data.jsonl`] : []),
    ...(body ? [`-H "Content-Type: application/json"`, `-d '${body}'`] : []),
  ].join(" \\\n  ");

const python = ({ method, url, key, body, isForm }: Call): string =>
  [
    "import os, requests",
    "",
    `answer = requests.${method.toLowerCase()}(`,
    `    "${url}",`,
    ...(key
      ? [`    headers={"${key.name}": ${key.prefix ? `"${key.prefix}" + ` : ""}os.environ["${key.variable}"]},`]
      : []),
    ...(isForm ? [`    data={"purpose": "fine-tune"},`, `    files={"file": open("data.jsonl", "rb")},`] : []),
    ...(body ? [`    json=${pythonOf(body)},`] : []),
    ")",
    "answer.raise_for_status()",
    "print(answer.text)",
  ].join("\n");

/** JSON whose words for nothing, yes and no are Python's. */
const pythonOf = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|\b(?:true|false|null)\b/g, (word) => pythonWords[word] ?? word);
const pythonWords: Readonly<Record<string, string>> = { true: "True", false: "False", null: "None" };

const typescript = ({ method, url, key, body, isForm }: Call): string =>
  [
    ...(isForm
      ? [
          `import { openAsBlob } from "node:fs";`,
          "",
          "const form = new FormData();",
          `form.set("purpose", "fine-tune");`,
          `form.set("file", await openAsBlob("data.jsonl"), "data.jsonl");`,
        ]
      : []),
    `const answer = await fetch("${url}", {`,
    ...(method === "GET" ? [] : [`  method: "${method}",`]),
    ...headersOf(key, body !== null),
    ...(isForm ? ["  body: form,"] : []),
    ...(body ? [`  body: JSON.stringify(${body}),`] : []),
    "});",
    "if (!answer.ok) throw new Error(await answer.text());",
    "console.log(await answer.text());",
  ].join("\n");

function headersOf(key: Call["key"], isJson: boolean): string[] {
  const lines = [
    ...(key ? [`"${key.name}": \`${key.prefix}\${process.env.${key.variable}}\``] : []),
    ...(isJson ? [`"Content-Type": "application/json"`] : []),
  ];
  return lines.length > 0 ? [`  headers: { ${lines.join(", ")} },`] : [];
}

/** How an operation is called in three languages. */
export function callsOf(operation: Operation, { origin, model }: ExampleFacts): { language: string; code: string }[] {
  const { method, path, parameters, key, body } = operation;
  const asked = parameters.filter((one) => one.in === "query" && one.isRequired);
  const query = asked.map(
    ({ name, schema }) => `${name}=${encodeURIComponent(String(exampleOf(schema, model, name)))}`,
  );
  const filledPath = path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const isForm = body?.type === "multipart/form-data";
  const json = body?.type === "application/json" ? JSON.stringify(bodyExampleOf(operation, model)) : null;
  const url = `${origin}${filledPath}${query.length > 0 ? `?${query.join("&")}` : ""}`;
  const call: Call = { method, url, key: keyOf(key), body: json, isForm };
  return [
    { language: "curl", code: curl(call) },
    { language: "Python", code: python(call) },
    { language: "TypeScript", code: typescript(call) },
  ];
}
