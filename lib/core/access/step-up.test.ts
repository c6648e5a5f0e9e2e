import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { addMinutes } from "#lib/core/clock.ts";
import { cookieFlags, cookieName } from "#lib/core/cookies.ts";
import { isNews } from "#lib/domain/account/devices/rules.ts";
import { isCopied, siteOf } from "#lib/domain/account/passkeys/rules.ts";
import { newCode, readCode } from "#lib/domain/account/recovery/rules.ts";
import { guarded, isRecent } from "./step-up.ts";

const now = new Date("2026-11-23T10:00:00Z");

test("a sign-in is recent for ten minutes", () => {
  expect(isRecent(now, now)).toBe(true);
  expect(isRecent(addMinutes(now, -9.99), now)).toBe(true);
  expect(isRecent(addMinutes(now, -10), now)).toBe(false);
});

test("everything that asks to sign in again is asked so at some door", () => {
  const sources = ["app", "lib/domain"]
    .flatMap((floor) =>
      fs.readdirSync(floor, { recursive: true, encoding: "utf8" }).map((name) => path.join(floor, name)),
    )
    .filter((name) => /(actions|commands)\.ts$/.test(name))
    .map((name) => fs.readFileSync(name, "utf8"))
    .filter((text) => text.includes("stepUp:"));
  const asked = new Set(sources.flatMap((text) => [...text.matchAll(/"([a-z-]+\.[a-z-]+)"/g)].map(([, name]) => name)));
  expect(Object.keys(guarded).filter((name) => !asked.has(name))).toEqual([]);
});

describe("cookies of ours", () => {
  test("on https carry a name that only a secure page of this very host can set", () => {
    expect(cookieName("pending", true)).toBe("__Host-comptoir-pending");
    expect(cookieFlags(true, 60)).toEqual({ httpOnly: true, sameSite: "lax", secure: true, path: "/", maxAge: 60 });
  });

  test("on a plain address do without what browsers would refuse there", () => {
    expect(cookieName("device", false)).toBe("comptoir-device");
    expect(cookieFlags(false, 60)).toMatchObject({ httpOnly: true, sameSite: "lax", secure: false });
  });
});

describe("a recovery code", () => {
  test("is read however it was copied", () => {
    for (let i = 0; i < 200; i++) {
      const code = newCode();
      expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/);
      expect(readCode(code.toUpperCase().replace("-", "").replaceAll("0", "O").replaceAll("1", "l"))).toBe(code);
    }
  });

  test.each(["", "12345", "12345-1234", "12345-123456", "u2345-12345", "12345-1234é"])("%j is none", (typed) => {
    expect(readCode(typed)).toBeNull();
  });
});

test("a passkey that does not count forwards was copied; one that does not count at all was not", () => {
  expect([isCopied(0, 0), isCopied(0, 1), isCopied(4, 5)]).toEqual([false, false, false]);
  expect([isCopied(5, 5), isCopied(5, 4), isCopied(1, 0)]).toEqual([true, true, true]);
});

test("passkeys are good at the configured address, whatever address a request claims to have come to", () => {
  expect(siteOf("https://console.example.com/", "http", "evil.example")).toEqual({
    origin: "https://console.example.com",
    host: "console.example.com",
  });
  expect(siteOf(undefined, "http", "localhost:3000")).toEqual({ origin: "http://localhost:3000", host: "localhost" });
});

test("the first sign-in and a known browser are no news", () => {
  expect(isNews({ isKnown: false, isFirst: true })).toBe(false);
  expect(isNews({ isKnown: true, isFirst: false })).toBe(false);
  expect(isNews({ isKnown: false, isFirst: false })).toBe(true);
});
