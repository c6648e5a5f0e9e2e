import http from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import { env } from "#lib/core/env.ts";

type Options = { redirectUri: string; eventsUrl: string };

/** For tests: a real OAuth provider whose one person signs in and agrees at once. Its refresh tokens are good once. */
export class OauthProvider {
  issuer = "";
  /** Whether it gives a token that gets the next. */
  gives = true;
  /** What the token endpoint answers instead. */
  fault: () => number | undefined = () => undefined;
  tokenCalls = 0;
  asked: URL[] = [];
  readonly #server = http.createServer((request, response) => void this.#take(request, response));
  #provider: Provider | undefined;
  readonly #grants: string[] = [];

  /** Begins to serve, as what this process connects to. */
  async start(options: Options): Promise<this> {
    Object.assign(env(), await this.serve(options));
    return this;
  }

  /** Begins to serve; what a product that is to connect to it has to be told. */
  async serve({ redirectUri, eventsUrl }: Options): Promise<Record<string, string>> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const client = { client_id: "comptoir", client_secret: "of the tests only" };
    this.#provider = new Provider(this.issuer, {
      clients: [{ ...client, redirect_uris: [redirectUri], grant_types: ["authorization_code", "refresh_token"] }],
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
      interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
      issueRefreshToken: () => this.gives,
      rotateRefreshToken: true,
      ttl: {
        AccessToken: 3600,
        RefreshToken: 86_400 * 30,
        Grant: 86_400 * 30,
        Session: 3600,
        Interaction: 3600,
        IdToken: 3600,
      },
      findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    });
    return {
      CONNECT_ISSUER: this.issuer,
      CONNECT_CLIENT_ID: client.client_id,
      CONNECT_CLIENT_SECRET: client.client_secret,
      CONNECT_EVENTS_URL: eventsUrl,
      CONNECT_NAME: "Example Desk",
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Follows an address as a browser would, signs in and agrees; says what the service answers with. */
  async answer(address: string): Promise<string> {
    const cookies = new Map<string, string>();
    for (let url = address, hop = 0; hop < 10; hop++) {
      const header = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const came = await fetch(url, { redirect: "manual", headers: { cookie: header } });
      for (const line of came.headers.getSetCookie()) {
        const [pair = ""] = line.split(";");
        cookies.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
      }
      const next = new URL(came.headers.get("location") ?? "", url);
      if (next.origin !== this.issuer) return next.search.slice(1);
      url = next.href;
    }
    throw new Error("The provider did not answer.");
  }

  /** Takes back everything that was agreed to, as a person does on the provider's own pages. */
  async revokeAll(refreshToken: string): Promise<void> {
    const basic = Buffer.from("comptoir:of%20the%20tests%20only").toString("base64");
    await fetch(`${this.issuer}/token/revocation`, {
      method: "POST",
      headers: { authorization: `Basic ${basic}`, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ token: refreshToken }),
    });
  }

  /** The same for everyone at once, where a test knows no token. */
  async takeBack(): Promise<void> {
    const provider = this.#provider as Provider;
    for (const grantId of this.#grants.splice(0)) {
      await provider.AccessToken.revokeByGrantId(grantId);
      await provider.RefreshToken.revokeByGrantId(grantId);
      await (await provider.Grant.find(grantId))?.destroy();
    }
  }

  /** Whether what came with a call is a token that it gave and that is still good. */
  async takes(authorization = ""): Promise<boolean> {
    const found = await this.#provider?.AccessToken.find(authorization.replace(/^Bearer /, ""));
    return found?.isValid ?? false;
  }

  /** Whether it still takes a token. */
  async knows(refreshToken: string): Promise<boolean> {
    return (await this.#provider?.RefreshToken.find(refreshToken)) !== undefined;
  }

  async #take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const provider = this.#provider as Provider;
    const url = new URL(request.url ?? "/", this.issuer);
    if (url.pathname === "/auth") this.asked.push(url);
    if (url.pathname === "/token") {
      this.tokenCalls += 1;
      const fault = this.fault();
      if (fault)
        return void response.writeHead(fault, { "content-type": "application/json" }).end('{"error":"server_error"}');
    }
    if (!url.pathname.startsWith("/interaction/")) return void provider.callback()(request, response);
    const { params, prompt, grantId } = await provider.interactionDetails(request, response);
    if (prompt.name === "login") {
      const login = { accountId: "ada" };
      return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
    }
    const grant = grantId
      ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId: "ada", clientId: String(params.client_id) });
    grant?.addOIDCScope(String(params.scope));
    const kept = await grant?.save();
    if (kept) this.#grants.push(kept);
    const consent = { grantId: kept };
    return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
  }
}
