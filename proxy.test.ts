import { NextRequest } from "next/server";
import { describe, expect, test } from "vitest";
import { proxy } from "./proxy.ts";

const workspace = "ws_01m84fn4h62h0cajn6mfnfw14p";

function ask(path: string, { cookie = "", method = "GET", headers = {} } = {}) {
  const request = new NextRequest(`http://localhost:3000${path}`, { method, headers: { ...headers, cookie } });
  const response = proxy(request);
  return {
    status: response.status,
    location: response.headers.get("location"),
    workspace: response.headers.get("x-middleware-request-x-workspace"),
  };
}

describe("visitors are sent to sign in, and back to where they were going", () => {
  const cases = [
    ["/", "http://localhost:3000/sign-in"],
    ["/account", "http://localhost:3000/sign-in?next=%2Faccount"],
    ["/billing?invoice=ivc_1", "http://localhost:3000/sign-in?next=%2Fbilling%3Finvoice%3Divc_1"],
    ["/staff/notices", "http://localhost:3000/sign-in?next=%2Fstaff%2Fnotices"],
    [`/${workspace}/keys?page=2`, `http://localhost:3000/sign-in?next=%2F${workspace}%2Fkeys%3Fpage%3D2`],
  ];
  test.each(cases)("%s", (path, location) => expect(ask(path)).toMatchObject({ status: 307, location }));

  test.each([
    "/sign-in",
    "/sign-up",
    "/confirm",
    "/legal/terms",
    "/api/auth/session",
    "/accounting",
    "/verify",
    "/sandbox-pay/page_1",
  ])("%s is open to everybody", (path) => expect(ask(path).location).toBeNull());

  test("a form sent after the session ended reaches its action, which says so", () => {
    expect(ask(`/${workspace}/keys`, { method: "POST" }).location).toBeNull();
  });

  test.each(["authjs.session-token=x", "__Secure-authjs.session-token=x", "authjs.session-token.0=x"])(
    "the cookie %s lets through to the page, which looks the session up",
    (cookie) => expect(ask("/account", { cookie }).location).toBeNull(),
  );
});

test.each([
  ["/help/tkt_1/files/att_01m8m0q02tp785npd2mx3px77b", true],
  ["/organization/billing/disputes/dsp_1/files/dsf_01m8m0q02tp785npd2mx3px77b", true],
  ["/organization/billing/orders/ord_1/file", true],
  ["/organization/billing/invoices/ivc_1/pdf", true],
  ["/help/files", false],
  ["/files/file_01m8m0q02tp785npd2mx3px77b/content", true],
  ["/files/file_01m8m0q02tp785npd2mx3px77b/report", true],
  ["/files/sample", true],
  ["/files/file_01m8m0q02tp785npd2mx3px77b", false],
  ["/files/file_01m8m0q02tp785npd2mx3px77b/problems", false],
  ["/help", false],
  ["/keys", false],
])("%s: a file of a customer's is sandboxed, a page has the policy of pages", (path, isFile) => {
  const headers = { cookie: "authjs.session-token=x" };
  const response = proxy(new NextRequest(`http://localhost:3000/${workspace}${path}`, { headers }));
  const policy = response.headers.get("content-security-policy");
  expect(policy === "sandbox; default-src 'none'").toBe(isFile);
  expect(policy).toContain("default-src 'none'");
});

describe("the workspace of a request is the one in its address", () => {
  const cookie = "authjs.session-token=x";
  const forged = { "x-workspace": "ws_00000000000000000000000000" };

  test.each([
    [`/${workspace}`, workspace],
    [`/${workspace}/keys/key_1`, workspace],
    [`/${workspace}x/keys`, null],
    ["/account", null],
    [`/legal/${workspace}`, null],
  ])("%s", (path, expected) => {
    expect(ask(path, { cookie }).workspace).toBe(expected);
    // Whatever a client claims is replaced or gone.
    expect(ask(path, { cookie, headers: forged }).workspace).toBe(expected);
  });
});

describe("every page comes with a policy for what it may load", () => {
  const policy = (headers = {}) => {
    const request = new NextRequest("http://localhost:3000/sign-in", { headers });
    const response = proxy(request);
    return {
      sent: response.headers.get("content-security-policy") ?? "",
      inner: response.headers.get("x-middleware-request-content-security-policy"),
    };
  };

  test("no script that is not ours, no frame, no plugin, no foreign base or form", () => {
    const { sent, inner } = policy();
    expect(inner).toBe(sent);
    for (const directive of ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
      expect(sent).toContain(directive);
    expect(sent).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic';/);
    expect(sent).not.toMatch(/unsafe-(inline|eval)/);
    expect(sent).not.toContain("upgrade-insecure-requests");
    expect(policy({ "x-forwarded-proto": "https" }).sent).toContain("upgrade-insecure-requests");
  });

  test("no two answers have the same nonce, and a client cannot choose it", () => {
    const chosen = { "content-security-policy": "script-src *" };
    expect(policy(chosen).sent).not.toBe(policy(chosen).sent);
    expect(policy(chosen).inner).not.toContain("script-src *");
  });
});

describe("a form is taken from our own pages only", () => {
  const post = (origin: string, headers = {}) =>
    ask("/sign-in", { method: "POST", headers: { host: "localhost:3000", origin, ...headers } }).status;
  const foreign = [
    "null",
    "",
    "https://evil.example",
    "http://localhost:3001",
    "http://localhost:3000.evil.example",
    "x y",
    "localhost:3000",
  ];

  test.each(foreign)("the origin %j is refused", (origin) => expect(post(origin)).toBe(403));

  test("ours is let through, also behind a proxy, and so is a program that names none", () => {
    expect(post("http://localhost:3000")).toBe(200);
    expect(post("https://console.example", { "x-forwarded-host": "console.example" })).toBe(200);
    expect(ask("/api/unsubscribe", { method: "POST" }).status).toBe(200);
  });

  test("a visit is no form", () => {
    expect(ask("/sign-in", { headers: { origin: "https://evil.example" } }).status).toBe(200);
  });
});
