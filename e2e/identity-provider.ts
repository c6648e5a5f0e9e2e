import http from "node:http";
import Provider from "oidc-provider";
import { freePort } from "#db/embedded.ts";

type Person = { email: string; email_verified: boolean; name: string };

export type IdentityProvider = {
  issuer: string;
  client: { id: string; secret: string };
  /** Who can sign in there, by the name they type. */
  people: Map<string, Person>;
  /** Every authorization that was asked for. */
  asked: URL[];
  /** Keeps the next answer from its browser, and says what it was. */
  withhold: () => Promise<string>;
  /** Where browsers may be sent back to: known once the server that asks has its port. */
  serve: (redirectUri: string) => Promise<void>;
  stop: () => void;
};

/** A real OpenID Connect provider, with discovery, consent and proof of possession of the code, on a port of its own. */
export async function identityProvider(): Promise<IdentityProvider> {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const client = { id: "comptoir", secret: "a secret of the tests only" };
  const people = new Map<string, Person>();
  const asked: URL[] = [];
  let server: http.Server | undefined;
  let kept: ((answer: string) => void) | undefined;
  const withhold = () =>
    new Promise<string>((resolve) => {
      kept = resolve;
    });
  const serve = async (redirectUri: string) => {
    const provider = new Provider(issuer, {
      clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] }],
      claims: { email: ["email", "email_verified"], profile: ["name"] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: true } },
      findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
    });
    const answer = provider.callback();
    server = http.createServer((request, response) => {
      const url = new URL(request.url ?? "/", issuer);
      if (url.pathname === "/auth") asked.push(url);
      const setHeader = response.setHeader.bind(response);
      response.setHeader = (name, value) => {
        if (name.toLowerCase() !== "location" || !String(value).startsWith(redirectUri) || !kept) {
          return setHeader(name, value);
        }
        kept(String(value));
        kept = undefined;
        return setHeader(name, `${issuer}/withheld`);
      };
      void answer(request, response);
    });
    await new Promise<void>((resolve) => server?.listen(port, "localhost", resolve));
  };
  const stop = () => {
    server?.closeAllConnections();
    server?.close();
  };
  return { issuer, client, people, asked, withhold, serve, stop };
}
