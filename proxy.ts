import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { contentPolicy, filePolicy } from "./lib/core/content-policy.ts";

const workspacePath = /^\/(ws_[0-9a-hjkmnp-tv-z]{26})(?:\/|$)/;
const privatePath = /^\/(?:$|ws_|account(?:\/|$)|staff(?:\/|$)|welcome(?:\/|$)|billing(?:\/|$)|appeal(?:\/|$))/;
/** Where files of customers are served: those of messages, signed ones, and documents. */
const filePath =
  /^\/[^/]+\/.+\/files\/[a-z]+_[0-9a-z]+$|^\/ws_\w+\/files\/(?:file_\w+\/(?:content|report)|sample)$|^\/(?:ws_|staff\/).*\/(?:file|pdf|xml)$/;
const sessionCookie = /^(?:__Secure-)?authjs\.session-token/;

/**
 * Names the workspace for the pages and actions behind it, and sends visitors to sign in with a real redirect.
 * Only an optimistic look at the cookie: every page and action asks the database again.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  if (privatePath.test(pathname) && isVisit(request) && !hasSession(request)) {
    const signIn = request.nextUrl.clone();
    signIn.pathname = "/sign-in";
    signIn.search = pathname === "/" ? "" : `?${new URLSearchParams({ next: pathname + search })}`;
    return NextResponse.redirect(signIn, 307);
  }
  if (isForeignForm(request))
    return new NextResponse("This request did not come from our own pages.\n", { status: 403 });
  const headers = new Headers(request.headers);
  headers.delete("x-workspace");
  const workspace = workspacePath.exec(pathname)?.[1];
  if (workspace) headers.set("x-workspace", workspace);
  const policy = policyFor(request);
  // Next puts the nonce it finds here into every script it writes into the page.
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  // What is set here stands in place of what an address answers itself.
  response.headers.set("content-security-policy", filePath.test(pathname) ? filePolicy : policy);
  return response;
}

const policyFor = (request: NextRequest): string =>
  contentPolicy({
    nonce: randomBytes(16).toString("base64"),
    isHttps: request.headers.get("x-forwarded-proto") === "https",
    isDevelopment: process.env.NODE_ENV === "development",
    issuer: process.env.OIDC_ISSUER,
    service: process.env.CONNECT_ISSUER,
    payments: process.env.STRIPE_SECRET_KEY && (process.env.STRIPE_API_BASE ?? "https://checkout.stripe.com"),
  });

/** A form of another site's, or of a page that hides where it is from. Programs, which name no origin, are not browsers. */
function isForeignForm(request: NextRequest): boolean {
  const origin = request.headers.get("origin");
  if (isVisit(request) || origin === null) return false;
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host") ?? request.nextUrl.host;
  const own = [host, ...(process.env.PUBLIC_URL ? [new URL(process.env.PUBLIC_URL).host] : [])];
  return !URL.canParse(origin) || !own.includes(new URL(origin).host);
}

/** A form sent by a person signed out must reach its action, which says so; redirected, it would be lost. */
const isVisit = (request: NextRequest): boolean => request.method === "GET" || request.method === "HEAD";

const hasSession = (request: NextRequest): boolean =>
  request.cookies.getAll().some(({ name }) => sessionCookie.test(name));

// Only what Next serves comes here: the front process answers /v1, /health and /metrics itself.
export const config = { matcher: ["/((?!_next/|v1/|health|metrics|icon.svg|favicon.ico).*)"] };
