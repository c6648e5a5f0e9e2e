import { z } from "zod";
import { connectorIds, connectorRuleNames } from "#db/schema/connections.ts";
import { idField } from "#lib/core/id-field.ts";
import { type EventType, eventTypes } from "#lib/core/webhooks/events.ts";

const id = idField("connection", "This is not the id of a connection.");
const types = Object.keys(eventTypes) as [EventType, ...EventType[]];

const text = (most: number) =>
  z.string("Enter this.").trim().min(1, "Enter this.").max(most, `At most ${most} characters.`);
const url = text(2000).refine(
  (word) => /^https?:\/\//i.test(word) && URL.canParse(word),
  "Enter an address that begins with https://.",
);
/** What ends in a header or a signature: no line break or other sign that none can carry. */
const secret = text(4000).regex(
  /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/,
  "Letters, digits and signs only, without line breaks.",
);
const events = z.preprocess(
  (given) => (given === undefined || given === "" ? [] : Array.isArray(given) ? given : [given]),
  z.array(z.enum(types)).min(1, "Choose at least one event."),
);

/** What each service asks for: settings, which pages show, and the secret, which nothing shows. */
export const connectorForms = {
  wandb: {
    settings: z.object({
      project: text(128).regex(/^[\w.-]+$/, "Letters, digits, dots, dashes and underscores."),
    }),
    secret: z.object({ apiKey: secret.min(40, "At least 40 characters.") }),
  },
  slack: { settings: z.object({ events }), secret: z.object({ secretUrl: url }) },
  "s3-usage": {
    settings: z.object({
      endpoint: url,
      region: text(64).regex(/^[a-z0-9-]+$/, "Small letters, digits and dashes."),
      bucket: text(63).regex(/^[a-z0-9][a-z0-9.-]+$/, "Small letters, digits, dots and dashes."),
      prefix: z
        .string()
        .trim()
        .max(200, "At most 200 characters.")
        .regex(/^[\w!.*'()/=-]*$/, "Letters, digits and / . - _ only.")
        .transform((word) => word.replace(/^\/+|\/+$/g, ""))
        .default(""),
      accessKeyId: text(128).regex(/^[\x21-\x7e]+$/, "Letters, digits and signs only."),
    }),
    secret: z.object({ secretAccessKey: secret }),
  },
  otlp: {
    settings: z.object({
      endpoint: url,
      signals: z.enum(["both", "traces", "metrics"]),
      header: text(64)
        .toLowerCase()
        .regex(/^[a-z0-9-]+$/, "The name of a header, such as authorization.")
        .refine((name) => !/^(host|content-|transfer-encoding|connection)/.test(name), "This header is ours to set."),
    }),
    secret: z.object({ headerValue: secret }),
  },
  langfuse: {
    settings: z.object({
      endpoint: url,
      publicKey: text(200).regex(/^[\x21-\x39\x3b-\x7e]+$/, "Without spaces or colons."),
    }),
    secret: z.object({ secretKey: secret }),
  },
  "oauth-generic": { settings: z.object({ events }), secret: z.object({}) },
} as const;

const about = {
  name: text(100),
  /** For the workspace it is connected in, or for all of the organization. */
  scope: z.enum(["workspace", "organization"]),
};
/** The version of the wording that the person read; a number, so that a form that is out of date says so. */
const acknowledged = z.coerce.number("Confirm that you read this.").int().optional().catch(undefined);

const { wandb, slack, "s3-usage": s3, otlp, langfuse, "oauth-generic": oauth } = connectorForms;

/** Connects a service by a key or an address. One that is signed in to is begun with its own form. */
export const connectInput = z.discriminatedUnion("connector", [
  z.object({ connector: z.literal("wandb"), ...about, acknowledged, ...wandb.settings.shape, ...wandb.secret.shape }),
  z.object({ connector: z.literal("slack"), ...about, acknowledged, ...slack.settings.shape, ...slack.secret.shape }),
  z.object({ connector: z.literal("s3-usage"), ...about, acknowledged, ...s3.settings.shape, ...s3.secret.shape }),
  z.object({ connector: z.literal("otlp"), ...about, acknowledged, ...otlp.settings.shape, ...otlp.secret.shape }),
  z.object({
    connector: z.literal("langfuse"),
    ...about,
    acknowledged,
    ...langfuse.settings.shape,
    ...langfuse.secret.shape,
  }),
]);

/** An empty secret leaves the one that is kept. */
const kept = <T extends z.ZodType>(schema: T) =>
  z
    .literal("")
    .transform(() => undefined)
    .or(schema)
    .optional();
const again = { id, name: about.name, acknowledged };

/** Changes a connection, or connects it again with another key. */
export const changeConnectionInput = z.discriminatedUnion("connector", [
  z.object({
    ...{ connector: z.literal("wandb"), ...again, ...wandb.settings.shape },
    apiKey: kept(wandb.secret.shape.apiKey),
  }),
  z.object({
    connector: z.literal("slack"),
    ...again,
    ...slack.settings.shape,
    secretUrl: kept(slack.secret.shape.secretUrl),
  }),
  z.object({
    ...{ connector: z.literal("s3-usage"), ...again, ...s3.settings.shape },
    secretAccessKey: kept(s3.secret.shape.secretAccessKey),
  }),
  z.object({
    ...{ connector: z.literal("otlp"), ...again, ...otlp.settings.shape },
    headerValue: kept(otlp.secret.shape.headerValue),
  }),
  z.object({
    ...{ connector: z.literal("langfuse"), ...again, ...langfuse.settings.shape },
    secretKey: kept(langfuse.secret.shape.secretKey),
  }),
]);

/** Begins to sign in at the service; with an id, to connect it again. */
export const beginOauthInput = z.object({ id: id.optional(), ...about, acknowledged, ...oauth.settings.shape });

export const connectionInput = z.object({ id });
export const restrictInput = z.object({
  connector: z.enum(connectorIds),
  /** A workspace, or nothing for all of them. */
  workspace: idField("workspace")
    .or(z.literal("").transform(() => null))
    .nullable()
    .default(null),
  rule: z.enum(connectorRuleNames),
});
export const replayInput = z.object({ delivery: idField("connectionDelivery", "This is not the id of a delivery.") });
