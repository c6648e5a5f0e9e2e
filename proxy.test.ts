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
    ["/staff/notices", "http://localhost:3000/sign-in?next=%2Fstaff%2Fnotices"],
    [`/${workspace}/keys?page=2`, `http://localhost:3000/sign-in?next=%2F${workspace}%2Fkeys%3Fpage%3D2`],
  ];
  test.each(cases)("%s", (path, location) => expect(ask(path)).toMatchObject({ status: 307, location }));

  test.each(["/sign-in", "/sign-up", "/confirm", "/legal/terms", "/api/auth/session", "/accounting"])(
    "%s is open to everybody",
    (path) => expect(ask(path).location).toBeNull(),
  );

  test("a form sent after the session ended reaches its action, which says so", () => {
    expect(ask(`/${workspace}/keys`, { method: "POST" }).location).toBeNull();
  });

  test.each(["authjs.session-token=x", "__Secure-authjs.session-token=x", "authjs.session-token.0=x"])(
    "the cookie %s lets through to the page, which looks the session up",
    (cookie) => expect(ask("/account", { cookie }).location).toBeNull(),
  );
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
