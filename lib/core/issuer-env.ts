import { z } from "zod";

/** Variables of others who know people: where they sign in here, and the service that customers connect by signing in there. */
export const issuerVariables = {
  OIDC_ISSUER: z
    .url()
    .optional()
    .describe("OpenID Connect issuer; with it, sign-in offers it beside e-mail and password."),
  OIDC_CLIENT_ID: z.string().optional().describe("Client id at the issuer."),
  OIDC_CLIENT_SECRET: z.string().optional().describe("Client secret at the issuer."),
  OIDC_NAME: z.string().default("single sign-on").describe("What the button calls the issuer."),
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
