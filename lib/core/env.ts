import { z } from "zod";
import { areRanges } from "./addresses.ts";
import { billingProblems, billingVariables } from "./billing-env.ts";
import { issuerVariables } from "./issuer-env.ts";
import { mailVariables } from "./mail-env.ts";
import { originOf } from "./origins.ts";
import { statusVariables } from "./status-env.ts";
import { supportVariables } from "./support-hours.ts";

const flag = z.enum(["on", "off"]);
const areOrigins = (list: string): boolean =>
  list
    .split(",")
    .map((one) => one.trim())
    .every((one) => one === "*" || originOf(one) !== null);
const secret = (bytes: number) =>
  z
    .string()
    .refine(
      (text) => Buffer.from(text, "base64url").length >= bytes,
      `must be at least ${bytes} random bytes in base64url`,
    );

/**
 * Every variable the product reads. The README's table is printed from here (`npm run admin -- config`),
 * so a description says what an operator needs to know and nothing else.
 */
const variables = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000).describe("Port of the public address."),
  HOST: z.string().default("127.0.0.1").describe("Address to listen on; `0.0.0.0` in a container."),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine(
      (url) => new URL(url).pathname === "/" && !/[?#@]/.test(url),
      "must be an address without a path, such as https://console.example.com; a path is not supported",
    )
    .transform((url) => new URL(url).origin)
    .optional()
    .describe(
      "Where customers reach the product, such as `https://console.example.com`; the local address when unset.",
    ),
  ...statusVariables,
  PROCESSES: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe("How many processes answer on the public port; one less than the machine has cores when unset."),
  TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe(
      "How many proxies of yours stand in front and append to `X-Forwarded-For`, or to `Forwarded` where they write no `X-Forwarded-For`.",
    ),
  DATA_DIR: z.string().default(".data").describe("Folder of the embedded defaults: database, secrets, files, logs."),
  DATABASE_URL: z
    .string()
    .optional()
    .describe("PostgreSQL 15 or newer. Unset: an embedded PostgreSQL in `DATA_DIR`, with the demo world."),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10).describe("Most connections a process opens."),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, "must begin with redis:// or rediss://")
    .optional()
    .describe(
      "Redis 6 or newer for the buckets of the rate limits; several addresses, separated by commas, are a cluster. Unset: they are kept in PostgreSQL.",
    ),
  AUTH_SECRET: secret(32).describe(
    "Signs session cookies. Generated into `DATA_DIR` with the embedded database, required with `DATABASE_URL`.",
  ),
  KEY_PEPPER: secret(32).describe(
    "Key of the hash under which API keys are stored. As above; changing it voids every key.",
  ),
  CONTENT_KEY: secret(32)
    .or(z.literal("none"))
    .describe("Seals what is kept of customers, and the keyring (32 bytes, base64url). As above."),
  KEYRING: z
    .string()
    .optional()
    .describe(
      "File with the keys of customers' content, which lies outside of the database and its backups; all servers and workers of a database share it. `DATA_DIR/keyring/keyring` when unset.",
    ),
  BACKUP_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(3650)
    .default(7)
    .describe("How many days you keep backups of the database: as long stay the keys that they need."),
  PROVIDER_NAME: z.string().default("Comptoir").describe("Name customers see."),
  PROVIDER_LEGAL_NAME: z
    .string()
    .default("the provider of this platform")
    .describe("Legal entity named in the documents."),
  ...billingVariables,
  SUPPORT_EMAIL: z.email().default("support@example.com").describe("Address shown where a person is needed."),
  ...supportVariables,
  LEGAL_DIR: z
    .string()
    .optional()
    .describe(
      "Folder with your own legal texts (`terms.md`, `chat.md`, `privacy.md`, `data-processing.md`); the shipped ones when unset.",
    ),
  UPSTREAMS: z
    .string()
    .optional()
    .describe("OpenAI-compatible servers: a JSON array, or the path of a file with one (see below)."),
  EMBEDDED_MODELS: flag
    .default("on")
    .describe("Serve `tiny-chat-1` and `tiny-embed-1`, the small models that ship with the product."),
  TUNED_MODELS_BYTES: z.coerce
    .number()
    .int()
    .min(1_000_000)
    .default(256_000_000)
    .describe(
      "Memory a process keeps for models tuned from `tiny-chat-1`, in bytes; those used longest ago are read again when they are asked for.",
    ),
  TRAINING_PACE: flag
    .default("on")
    .describe("Train `tiny-chat-1` so slowly that people can watch, at least 10 seconds a job; `off` for tests."),
  TRAININGS: z.coerce
    .number()
    .int()
    .min(0)
    .max(16)
    .default(1)
    .describe("How many fine-tunings of `tiny-chat-1` a process of background jobs runs at once; `0` for none."),
  BATCH_REQUESTS: z.coerce
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(8)
    .describe("How many requests of batches a process on the public port has under way at once; `0` for none."),
  UPSTREAM_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(120_000)
    .describe("How long an upstream may be silent before a request is given up."),
  BODY_LIMIT_BYTES: z.coerce
    .number()
    .int()
    .min(1024)
    .default(20_000_000)
    .describe("Largest request body of `/v1`, in bytes."),
  CORS_ORIGINS: z
    .string()
    .refine(areOrigins, "must be origins such as https://app.example.com, separated by commas, or *")
    .optional()
    .describe(
      "Origins whose pages may call `/v1` from a browser with any key, such as `https://app.example.com`, separated by commas; `*` for all. Unset: only those that organizations name for their keys for web pages.",
    ),
  CONTENT_QUEUE_BYTES: z.coerce
    .number()
    .int()
    .min(1_000_000)
    .default(64_000_000)
    .describe("Content waiting to be stored before answers wait for it, in bytes."),
  SMTP_URL: z
    .string()
    .optional()
    .describe(
      "Where letters are sent, such as `smtps://user:password@mail.example.com`. Unset: they stay in the outbox.",
    ),
  MAIL_FROM: z.string().default("Comptoir <no-reply@example.com>").describe("Sender of letters."),
  ...mailVariables,
  OUTGOING_ALLOWED_RANGES: z
    .string()
    .refine(areRanges, "must be ranges such as 10.20.0.0/16, separated by commas")
    .optional()
    .describe(
      "Private address ranges that webhooks may reach as well, such as `10.20.0.0/16,fd00:1::/32`; without it, the public internet only.",
    ),
  WANDB_URL: z
    .url({ protocol: /^https?$/ })
    .default("https://api.wandb.ai")
    .describe(
      "Weights & Biases server that fine-tunings report to where they ask for it; one on a private address needs `OUTGOING_ALLOWED_RANGES` as well.",
    ),
  ...issuerVariables,
  APPROVERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(2)
    .default(2)
    .describe(
      "How many people of the staff it takes to change the contract for customers: `2` different ones, or `1` where you are alone; the audit log then says so.",
    ),
  CONSUMER_WITHDRAWAL_DAYS: z.coerce
    .number()
    .int()
    .min(0)
    .max(365)
    .default(14)
    .describe(
      "Days from the start of an agreement in which a consumer can withdraw from it; `0` where no law gives that.",
    ),
  ZDR_APPROVERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(2)
    .default(1)
    .describe("How many people of the staff have to approve zero retention: `1`, or `2` different ones."),
  ABUSE_MODEL: z
    .string()
    .optional()
    .describe(
      "Moderation model that looks at a sample of 1 % of what is kept, and at all of it for customers with an open sign of abuse. No model looks when unset.",
    ),
  STAFF_SECOND_FACTOR: flag
    .optional()
    .describe("Whether staff need a second factor before any desk opens: `on`, except in the demo."),
  DNS_SERVERS: z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((server) => server !== ""))
    .pipe(z.array(z.string()).min(1))
    .optional()
    .describe("Name servers to ask when a domain is proven, such as `192.0.2.53`; the system's when unset."),
  WORKER: flag.default("on").describe("Run background jobs inside the server; `off` where `npm run worker` runs them."),
  CLOCK_OFFSET: z.coerce
    .number()
    .int()
    .default(0)
    .describe("Milliseconds to move the clock of a demo or test instance; refused with `DATABASE_URL`."),
  DEMO: flag
    .default("off")
    .describe("Set by `npm start` with the embedded database: shows the demo banner. Not for you to set."),
  // Next overwrites PORT with the loopback port it listens on.
  FRONT_PORT: z.coerce
    .number()
    .int()
    .optional()
    .describe("Set for the process of the pages: the public port. Not for you to set."),
  RECORD_KEY: secret(32)
    .optional()
    .describe("Set for the process of the pages, which has it in place of `CONTENT_KEY`. Not for you to set."),
  INTERNAL_PORT: z.coerce
    .number()
    .int()
    .optional()
    .describe("Set for processes of one server: where the fronts answer the pages. Not for you to set."),
  INTERNAL_TOKEN: secret(32).optional().describe("What the pages show the fronts there. Not for you to set."),
});

export const schema = variables.superRefine((given, issue) => {
  if (given.CONTENT_KEY === "none" && !given.RECORD_KEY)
    issue.addIssue({ code: "custom", path: ["CONTENT_KEY"], message: "must be at least 32 random bytes in base64url" });
  for (const { path, message } of billingProblems(given)) issue.addIssue({ code: "custom", path: [path], message });
});

export type Env = z.infer<typeof schema>;

/** Staff prove themselves twice wherever real customers are; the demo lets everyone try its desks. */
export const staffNeedFactor = ({ STAFF_SECOND_FACTOR: asked, DEMO: demo }: Env): boolean =>
  (asked ?? (demo === "on" ? "off" : "on")) === "on";

let parsed: Env | undefined;

/** The configuration of this process; throws one line for each variable that is missing or wrong. */
export function env(): Env {
  parsed ??= parse(process.env);
  return parsed;
}

export function parse(source: Record<string, string | undefined>): Env {
  // An empty string is how compose files and shells say "unset".
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return given[name] === undefined ? `${name} is not set: ${describe(name)}` : `${name}: ${issue.message}`;
  });
  throw new Error(lines.join("\n"));
}

const describe = (name: string): string => schema.shape[name as keyof Env]?.description ?? "";

/** The README's table of variables. */
export function configurationTable(): string {
  const rows = Object.entries(schema.shape).map(([name, field]) => {
    const fallback = field instanceof z.ZodDefault ? `\`${String(field.def.defaultValue)}\`` : "";
    return `| \`${name}\` | ${fallback} | ${field.description ?? ""} |`;
  });
  return ["| variable | default | what it does |", "|---|---|---|", ...rows].join("\n");
}
