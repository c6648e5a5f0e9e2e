import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressBlock } from "#lib/domain/account/attempts/rules.ts";
import { nextPath } from "#lib/domain/account/input.ts";
import { describeAgent, isLive, isSeenLongAgo } from "#lib/domain/account/sessions/rules.ts";
import { type Claims, evenly, linking, profileOf, provenAtProvider } from "./person.ts";

describe("a first sign-in through a provider", () => {
  const confirmed = { email: "ada@example.com", emailVerified: true };
  const cases = [
    ["without an address", { email: null, emailVerified: true }, undefined, "refuse"],
    ["with an address nobody confirmed", { ...confirmed, emailVerified: false }, undefined, "refuse"],
    [
      "with an unconfirmed address of an account",
      { ...confirmed, emailVerified: false },
      { confirmed: true },
      "refuse",
    ],
    ["with a new address", confirmed, undefined, "create"],
    ["with the address of an account", confirmed, { confirmed: true }, "link"],
    ["with the address of an account nobody confirmed", confirmed, { confirmed: false }, "take-over"],
  ] as const;
  test.each(cases)("%s", (_what, profile, account, outcome) => expect(linking(profile, account)).toBe(outcome));
});

describe("what a provider says twice, in its token and at its userinfo endpoint", () => {
  const verdict = fc.option(fc.constantFrom<unknown>(true, false, "true", "false", 1, 0, null), { nil: undefined });
  const claims = fc.record<Claims>(
    {
      sub: fc.constantFrom("s", "s", "s", "t", ""),
      email: fc.constantFrom("ada@example.com", "ada@example.com", "eve@example.com"),
      email_verified: verdict,
    },
    { requiredKeys: [] },
  );

  test("confirms an address only where nothing it says speaks against it", () => {
    fc.assert(
      fc.property(claims, claims, (token, userinfo) => {
        const both = [token, userinfo];
        const profile = profileOf("https://id.example", token, userinfo);
        const subjects = both.flatMap(({ sub }) => (sub === undefined ? [] : [sub]));
        if (profile === null) return new Set(subjects).size !== 1 || subjects[0] === "";
        const said = both.flatMap((one) => one.email_verified ?? []);
        const addresses = both.flatMap(({ email }) => email ?? []);
        const isFine = said.length > 0 && said.every((is) => is === true) && new Set(addresses).size === 1;
        return profile.subject === subjects[0] && profile.emailVerified === isFine;
      }),
      { numRuns: 2000 },
    );
  });

  test("false anywhere wins, and so does another person", () => {
    const ada = { sub: "s", email: "ada@example.com" };
    expect(profileOf("i", { ...ada, email_verified: false }, { ...ada, email_verified: true })?.emailVerified).toBe(
      false,
    );
    expect(profileOf("i", { ...ada, email_verified: true }, { ...ada, email_verified: false })?.emailVerified).toBe(
      false,
    );
    expect(profileOf("i", { sub: "s" }, { ...ada, email_verified: true })?.emailVerified).toBe(true);
    expect(profileOf("i", { sub: "s" }, { sub: "t", email: "ada@example.com", email_verified: true })).toBeNull();
  });

  test("shows who somebody is only by a time that it names and that has been", () => {
    const now = new Date("2026-11-23T10:00:00Z");
    const seconds = now.getTime() / 1000;
    const never = new Date(0);
    for (const auth_time of [
      undefined,
      null,
      "1",
      String(seconds),
      Number.NaN,
      Infinity,
      -1,
      0,
      1.5,
      seconds + 3600,
      1e17,
      {},
    ])
      expect(provenAtProvider({ auth_time }, now)).toEqual(never);
    expect(provenAtProvider({ auth_time: seconds - 5 }, now)).toEqual(new Date(now.getTime() - 5000));
    expect(provenAtProvider({ auth_time: seconds + 30 }, now)).toEqual(now);
  });
});

describe("what counts as one address", () => {
  const cases = [
    ["203.0.113.9", "203.0.113.9"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:0001:0002::9", "2001:db8:1:2::/64"],
    ["2001:db8::9", "2001:db8:0:0::/64"],
    ["[2001:db8::9]", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["unknown", "unknown"],
  ];
  test.each(cases)("%s is %s", (address, block) => expect(addressBlock(address)).toBe(block));
});

describe("after signing in, only a path of ours is followed", () => {
  const cases = [
    ["/ws_1/keys?page=2", "/ws_1/keys?page=2"],
    ["/account", "/account"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["https://evil.example", "/"],
    ["javascript:alert(1)", "/"],
    ["/\tevil", "/"],
    ["/a\n/b", "/"],
    [undefined, "/"],
  ];
  test.each(cases)("%s leads to %s", (given, path) => expect(nextPath.parse(given)).toBe(path));
});

describe("a session", () => {
  const now = new Date("2026-11-23T10:00:00Z");
  const later = new Date("2026-11-24T10:00:00Z");
  const cases = [
    [{ expiresAt: later, revokedAt: null }, true],
    [{ expiresAt: later, revokedAt: now }, false],
    [{ expiresAt: now, revokedAt: null }, false],
  ] as const;
  test.each(cases)("%j is live: %s", (session, live) => expect(isLive(session, now)).toBe(live));

  test("is noted as in use once a minute", () => {
    expect(isSeenLongAgo(new Date(now.getTime() - 59_999), now)).toBe(false);
    expect(isSeenLongAgo(new Date(now.getTime() - 60_000), now)).toBe(true);
  });
});

describe("a browser is called what its owner calls it", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36";
  const cases = [
    [chrome, "Chrome on Linux"],
    [`${chrome.replace("X11; Linux x86_64", "Windows NT 10.0")} Edg/141.0`, "Edge on Windows"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on macOS"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iOS"],
    ["Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Mobile Safari/537.36", "Chrome on Android"],
    ["curl/8.5.0", "Unknown browser"],
  ] as const;
  test.each(cases)("%s", (agent, name) => expect(describeAgent(agent)).toBe(name));
});

describe("answering evenly", () => {
  test("takes the same time for quick work and for work that fails", async () => {
    const took = async (work: () => Promise<unknown>) => {
      const started = performance.now();
      await evenly(60, work).catch(() => {});
      return performance.now() - started;
    };
    expect(await took(async () => {})).toBeGreaterThan(55);
    expect(await took(() => Promise.reject(new Error("no")))).toBeGreaterThan(55);
  });

  test("passes on what the work returns and throws", async () => {
    expect(await evenly(1, async () => 7)).toBe(7);
    await expect(evenly(1, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
