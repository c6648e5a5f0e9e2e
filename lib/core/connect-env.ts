import { z } from "zod";

/** Variables of the service that customers can sign in to under Integrations. */
export const connectVariables = {
  CONNECT_ISSUER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "OAuth issuer of a service that customers can connect by signing in; with `CONNECT_CLIENT_ID` and `CONNECT_EVENTS_URL` it is among their integrations. Its redirect address is `PUBLIC_URL` and `/api/connections`.",
    ),
  CONNECT_CLIENT_ID: z.string().optional().describe("Client id at that issuer."),
  CONNECT_CLIENT_SECRET: z.string().optional().describe("Client secret at that issuer; unset for a public client."),
  CONNECT_SCOPES: z
    .string()
    .default("openid offline_access")
    .describe("Scopes that are asked for there, separated by spaces."),
  CONNECT_NAME: z.string().default("A service with sign-in").describe("What customers see that service called."),
  CONNECT_EVENTS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      "Where that service takes events as JSON with the customer's token; one on a private address needs `OUTGOING_ALLOWED_RANGES` as well.",
    ),
};
