import { z } from "zod";
import { bareIban, isIban } from "./iban.ts";
import { originOf } from "./origins.ts";

const flag = z.enum(["on", "off"]);
const areWebhookSecrets = (list: string): boolean => list.split(",").every((one) => /^whsec_\S+$/.test(one.trim()));

/** What the provider's legal entity is, how it collects, and where documents are kept; read together with env.ts. */
export const billingVariables = {
  PROVIDER_ADDRESS: z
    .string()
    .regex(
      /^[^;]+;[^;]+;[^;]+;\s*[A-Z]{2}\s*$/,
      "must be street; postal code; city; two letters of the country, such as 1 High Street; 75001; Paris; FR",
    )
    .default("1 Example Street; 75001; Paris; FR")
    .describe("Where the legal entity is, as invoices show it: street; postal code; city; country."),
  PROVIDER_VAT_ID: z.string().default("FR12000000000").describe("Its VAT number."),
  PROVIDER_REGISTRATION_ID: z.string().default("000000000").describe("Its number in the register of companies."),
  BILLING_MINIMUM_CENTS: z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(100)
    .describe("What is less than this at the end of a month, net and in cents, is carried to the next invoice."),
  BILLING_ZERO_INVOICES: flag.default("off").describe("Issue an invoice also for a month in which nothing was used."),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[rs]k_(test|live)_[A-Za-z0-9]+$/, "must be a secret key of Stripe, such as sk_test_…")
    .optional()
    .describe(
      "Secret key of Stripe; with it, Stripe collects. Unset: the sandbox in the demo, bank transfer elsewhere.",
    ),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .refine(areWebhookSecrets, "must be signing secrets such as whsec_…, separated by commas")
    .transform((list) => list.split(",").map((one) => one.trim()))
    .optional()
    .describe(
      "Signing secret of the webhook endpoint at Stripe; while it is rotated, both, separated by a comma. Required with a live key.",
    ),
  STRIPE_API_BASE: z
    .string()
    .refine((text) => originOf(text) !== null, "must be an address without a path, such as http://localhost:12111")
    .optional()
    .describe("Another address than Stripe's, for tests; refused with a live key."),
  BILLING_SANDBOX: flag
    .optional()
    .describe("Whether test cards can pay where there is no key of Stripe: `on` in the demo, else `off`."),
  BILLING_IBAN: z
    .string()
    .refine(isIban, "must be an IBAN")
    .transform(bareIban)
    .optional()
    .describe("Bank account that customers transfer to, where they pay by bank transfer."),
  BILLING_BIC: z
    .string()
    .regex(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/, "must be a BIC, such as COBADEFFXXX")
    .optional()
    .describe("BIC of that account, where transfers from abroad need it."),
  FILES_S3_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "Bucket for files and issued documents, such as `https://s3.example.com/comptoir`; the four of `FILES_S3_` go together. Unset: `DATA_DIR/files`.",
    ),
  FILES_S3_REGION: z.string().optional().describe("Region of the bucket, such as `eu-west-3`."),
  FILES_S3_KEY_ID: z.string().optional().describe("Access key for the bucket."),
  FILES_S3_SECRET: z.string().optional().describe("Secret of that access key."),
  VIES_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "Service that says whether a VAT number is registered, `https://ec.europa.eu/taxation_customs/vies/rest-api` in production. Unset: not asked, and no number counts as confirmed.",
    ),
};

type Billing = { [Name in keyof typeof billingVariables]?: unknown };

const bucket = ["FILES_S3_URL", "FILES_S3_REGION", "FILES_S3_KEY_ID", "FILES_S3_SECRET"] as const;
const isLiveKey = (key: unknown): boolean => /^[rs]k_live_/.test(String(key ?? ""));

/** What these variables have to be together: the one that is wrong, and why. */
export function billingProblems(given: Billing): { path: keyof Billing; message: string }[] {
  const missing = bucket.filter((name) => given[name] === undefined);
  const isLive = isLiveKey(given.STRIPE_SECRET_KEY);
  return [
    ...(missing.length < bucket.length ? missing : []).map((path) => ({ path, message: "is needed with the others" })),
    ...(isLive && given.STRIPE_WEBHOOK_SECRET === undefined
      ? [{ path: "STRIPE_WEBHOOK_SECRET" as const, message: "is required with a live key" }]
      : []),
    ...(isLive && given.STRIPE_API_BASE !== undefined
      ? [{ path: "STRIPE_API_BASE" as const, message: "a live key is sent to Stripe only; unset it" }]
      : []),
  ];
}
