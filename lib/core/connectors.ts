import type { connectorIds, connectorRuleNames } from "#db/schema/connections.ts";

export type ConnectorId = (typeof connectorIds)[number];
export type ConnectorRule = (typeof connectorRuleNames)[number];

/** One field of the form that connects a service. What is `secret` is sealed and never shown again. */
export type ConnectorField = {
  name: string;
  label: string;
  kind: "text" | "url" | "secret" | "events" | "choice";
  place: "settings" | "secret";
  help?: string;
  placeholder?: string;
  isOptional?: true;
  choices?: readonly { value: string; label: string }[];
};

type Connector = {
  name: string;
  about: string;
  /** What leaves us for the service, in a sentence of its own. */
  leaves: string;
  /** How it is connected: with a key, with an address that is itself a secret, or by signing in there. */
  auth: "key" | "url" | "oauth";
  fields: readonly ConnectorField[];
  /** The wording that is acknowledged before a connect; a change of the words takes the next number. */
  disclaimer: { version: number; text: string };
};

const theirs = (service: string, leaves: string): string =>
  `${service} is run by others, under their terms with you; we are not liable for what they do with what you send there. What leaves for it: ${leaves[0]?.toLowerCase()}${leaves.slice(1)} What has been sent cannot be called back by us.`;

const events: ConnectorField = { name: "events", label: "Events", kind: "events", place: "settings" };

const leaving = {
  wandb:
    "The figures, parameters and state of fine-tuning jobs that name this connection; never the data they train on.",
  slack: "A short message for each event you choose: what happened, names and ids, amounts; never prompts or answers.",
  usage:
    "A line for each request: time, model, key, workspace, tokens, cost, outcome and the end user as your privacy setting keeps it; never prompts or answers.",
  traces:
    "A span for each request: time, model, tokens, cost, outcome, ids of key, workspace and agent, and the end user as your privacy setting keeps it; never prompts or answers.",
  events: "The JSON of each event you choose: what happened, names and ids, amounts; never prompts or answers.",
} as const;

/** The services that can be connected. Webhooks are beside them, with receivers of the customer's own. */
export const connectors = {
  wandb: {
    name: "Weights & Biases",
    about: "Follow fine-tuning jobs beside your other runs.",
    leaves: leaving.wandb,
    auth: "key",
    fields: [
      {
        name: "project",
        label: "Project",
        kind: "text",
        place: "settings",
        help: "Runs of jobs that name no other project go there. Test begins a run in it.",
        placeholder: "tunings",
      },
      { name: "apiKey", label: "API key", kind: "secret", place: "secret", help: "40 characters or more." },
    ],
    disclaimer: { version: 1, text: theirs("Weights & Biases", leaving.wandb) },
  },
  slack: {
    name: "Slack",
    about: "Messages in a channel. Mattermost and Rocket.Chat take the same kind of address.",
    leaves: leaving.slack,
    auth: "url",
    fields: [
      {
        name: "secretUrl",
        label: "Incoming webhook",
        kind: "secret",
        place: "secret",
        help: "The address that your chat gives for a channel. With it, anyone can write there.",
        placeholder: "https://hooks.slack.com/services/…",
      },
      events,
    ],
    disclaimer: { version: 1, text: theirs("Your chat service", leaving.slack) },
  },
  "s3-usage": {
    name: "S3 usage export",
    about: "Every request's usage as files in a bucket of yours, hourly.",
    leaves: leaving.usage,
    auth: "key",
    fields: [
      {
        name: "endpoint",
        label: "Endpoint",
        kind: "url",
        place: "settings",
        placeholder: "https://s3.eu-west-3.amazonaws.com",
      },
      { name: "region", label: "Region", kind: "text", place: "settings", placeholder: "eu-west-3" },
      { name: "bucket", label: "Bucket", kind: "text", place: "settings" },
      {
        name: "prefix",
        label: "Prefix",
        kind: "text",
        place: "settings",
        isOptional: true,
        help: "Folder in the bucket, such as comptoir/usage. Test writes an object there and reads it back.",
      },
      { name: "accessKeyId", label: "Access key id", kind: "text", place: "settings" },
      { name: "secretAccessKey", label: "Secret access key", kind: "secret", place: "secret" },
    ],
    disclaimer: { version: 1, text: theirs("The storage behind this address", leaving.usage) },
  },
  otlp: {
    name: "OpenTelemetry",
    about: "A span for each request and metrics, by OTLP over HTTP.",
    leaves: leaving.traces,
    auth: "key",
    fields: [
      {
        name: "endpoint",
        label: "Endpoint",
        kind: "url",
        place: "settings",
        help: "Without /v1/traces, which we add.",
        placeholder: "https://otlp.example.com",
      },
      {
        name: "signals",
        label: "What is sent",
        kind: "choice",
        place: "settings",
        choices: [
          { value: "both", label: "Traces and metrics" },
          { value: "traces", label: "Traces" },
          { value: "metrics", label: "Metrics" },
        ],
      },
      { name: "header", label: "Header", kind: "text", place: "settings", placeholder: "authorization" },
      {
        name: "headerValue",
        label: "Value of the header",
        kind: "secret",
        place: "secret",
        help: "Whole, such as Bearer and the token.",
      },
    ],
    disclaimer: { version: 1, text: theirs("The collector behind this address", leaving.traces) },
  },
  langfuse: {
    name: "Langfuse",
    about: "A trace for each request, with tokens and cost.",
    leaves: leaving.traces,
    auth: "key",
    fields: [
      { name: "endpoint", label: "Host", kind: "url", place: "settings", placeholder: "https://cloud.langfuse.com" },
      { name: "publicKey", label: "Public key", kind: "text", place: "settings", placeholder: "pk-lf-…" },
      { name: "secretKey", label: "Secret key", kind: "secret", place: "secret", placeholder: "sk-lf-…" },
    ],
    disclaimer: { version: 1, text: theirs("Langfuse", leaving.traces) },
  },
  "oauth-generic": {
    name: "A service with sign-in",
    about: "Events as JSON to the service your provider set up here, which you sign in to.",
    leaves: leaving.events,
    auth: "oauth",
    fields: [events],
    disclaimer: { version: 1, text: theirs("The service you sign in to", leaving.events) },
  },
} as const satisfies Record<ConnectorId, Connector>;

export const connectorOf = (id: ConnectorId): Connector => connectors[id];
