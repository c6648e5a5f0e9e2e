import * as oauth from "oauth4webapi";
import { env } from "./env.ts";
import { AppError, Fault } from "./errors.ts";

/** What a service gave: the token that is sent, the one that gets the next, and for how long. */
export type Tokens = {
  accessToken: string;
  refreshToken: string | null;
  expiresIn: number | null;
  scopes: string[] | null;
};

/** Why there are no tokens: the service takes the old one no more, or it could not be asked. */
export type Refused = { problem: "invalid_grant" | "unavailable"; words: string };

export type OauthService = { issuer: string; clientId: string; name: string; eventsUrl: string };

const timeoutMs = 15_000;

/** The service that the operator set up, or null where there is none. */
export function oauthService(): OauthService | null {
  const {
    CONNECT_ISSUER: issuer,
    CONNECT_CLIENT_ID: clientId,
    CONNECT_EVENTS_URL: eventsUrl,
    CONNECT_NAME: name,
  } = env();
  return issuer && clientId && eventsUrl ? { issuer, clientId, name, eventsUrl } : null;
}

function configured(): OauthService {
  const service = oauthService();
  if (service) return service;
  throw new AppError("not_found", "No service that is signed in to is set up here.");
}

/** The issuer is the operator's own choice, so it may be inside; without encryption only in the demo. */
const options = () => ({
  [oauth.allowInsecureRequests]: env().DEMO === "on",
  signal: () => AbortSignal.timeout(timeoutMs),
});

async function server(): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(configured().issuer);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options()));
}

const client = (): oauth.Client => ({ client_id: configured().clientId });

function clientAuth(): oauth.ClientAuth {
  const { CONNECT_CLIENT_SECRET: secret } = env();
  return secret ? oauth.ClientSecretBasic(secret) : oauth.None();
}

export const newVerifier = (): string => oauth.generateRandomCodeVerifier();
export const newState = (): string => oauth.generateRandomState();

type Way = { state: string; verifier: string; redirectUri: string };

/** Where a person signs in at the service and agrees. */
export async function authorizationAddress({ state, verifier, redirectUri }: Way): Promise<string> {
  const { authorization_endpoint: endpoint } = await asking(server());
  if (!endpoint) throw new AppError("unavailable", "The service says nowhere to sign in.");
  const url = new URL(endpoint);
  const asked = {
    client_id: configured().clientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: env().CONNECT_SCOPES,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    // Without it, many services give no token that lasts.
    prompt: "consent",
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url.href;
}

/** Exchanges what a person brought back. The issuer, the state and the redirect must be those that were asked. */
export async function exchangeCode(answer: URLSearchParams, { state, verifier, redirectUri }: Way): Promise<Tokens> {
  try {
    const as = await server();
    const parameters = oauth.validateAuthResponse(as, client(), answer, state);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client(),
      clientAuth(),
      parameters,
      redirectUri,
      verifier,
      options(),
    );
    return tokensOf(await oauth.processAuthorizationCodeResponse(as, client(), response));
  } catch (error) {
    throw new AppError("invalid", `The service did not confirm the sign-in. ${wordsOf(error)}`, {
      code: "oauth_refused",
    });
  }
}

/** Exchanges a token for the next. The one before can be dead from here on. */
export async function refreshTokens(refreshToken: string): Promise<Tokens | Refused> {
  try {
    const as = await server();
    const response = await oauth.refreshTokenGrantRequest(as, client(), clientAuth(), refreshToken, options());
    return tokensOf(await oauth.processRefreshTokenResponse(as, client(), response));
  } catch (error) {
    const isRefused = error instanceof oauth.ResponseBodyError && error.error === "invalid_grant";
    return { problem: isRefused ? "invalid_grant" : "unavailable", words: wordsOf(error) };
  }
}

/** Asks the service to forget a token; whether it can is its own matter. */
export async function revokeToken(token: string): Promise<void> {
  const as = await server();
  if (!as.revocation_endpoint) return;
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client(), clientAuth(), token, options()));
}

function tokensOf({ access_token, refresh_token, expires_in, scope }: oauth.TokenEndpointResponse): Tokens {
  return {
    accessToken: access_token,
    refreshToken: refresh_token ?? null,
    expiresIn: expires_in ?? null,
    scopes: scope ? scope.split(" ") : null,
  };
}

/** Its own words for an error can quote what was sent, so only the code of one is told. */
function wordsOf(error: unknown): string {
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError)
    return `It says ${error.error.slice(0, 100)}.`;
  if (error instanceof AppError || error instanceof Fault) return error.message;
  return "It could not be asked, or its answer was not as the standard has it.";
}

const asking = <T>(asked: Promise<T>): Promise<T> =>
  asked.catch((error: unknown) => {
    if (error instanceof AppError) throw error;
    throw new AppError("unavailable", "The service cannot be reached right now. Try again in a moment.", {
      cause: error,
    });
  });

/** How an event is sent with a token; the id stays the same however often it is sent. */
export const bearerHeaders = (accessToken: string, id: string): Record<string, string> => ({
  "content-type": "application/json",
  "user-agent": "comptoir-events/1",
  "webhook-id": id,
  authorization: `Bearer ${accessToken}`,
});
