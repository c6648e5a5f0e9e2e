import { expect, test } from "vitest";
import { parse } from "#lib/core/env.ts";
import { openProvider, providerFor } from "./providers.ts";

const secret = Buffer.alloc(32, 1).toString("base64url");
const secrets = { AUTH_SECRET: secret, KEY_PEPPER: secret, CONTENT_KEY: secret };
const given = (more: Record<string, string>) => parse({ ...secrets, ...more });
const trial = { STRIPE_SECRET_KEY: "sk_test_1" };
const live = { STRIPE_SECRET_KEY: "sk_live_1", STRIPE_WEBHOOK_SECRET: "whsec_1" };

test.each([
  [{}, "manual"],
  [{ DEMO: "on" }, "sandbox"],
  [{ DEMO: "on", BILLING_SANDBOX: "off" }, "manual"],
  [{ BILLING_SANDBOX: "on" }, "sandbox"],
  [{ BILLING_SANDBOX: "" }, "manual"],
  [{ ...trial, DEMO: "on" }, "stripe"],
  [{ ...live, BILLING_SANDBOX: "on" }, "stripe"],
] as const)("with %j a new account is collected from by %s", (variables, id) => {
  expect(providerFor(given(variables))).toBe(id);
  expect(openProvider(id, given(variables)).id).toBe(id);
});

test("an account that is bound to a provider without configuration cannot be collected from, and says so", () => {
  for (const id of ["stripe", "sandbox"] as const)
    expect(() => openProvider(id, given({}))).toThrow(expect.objectContaining({ problem: "unavailable" }));
  expect(openProvider("manual", given(live)).id).toBe("manual");
});

test("the mode follows the key, and no test money counts as real", () => {
  expect(openProvider("stripe", given(live)).livemode).toBe(true);
  expect(
    openProvider("stripe", given({ STRIPE_SECRET_KEY: "rk_live_1", STRIPE_WEBHOOK_SECRET: "whsec_1" })).livemode,
  ).toBe(true);
  expect(openProvider("stripe", given(trial)).livemode).toBe(false);
  expect(openProvider("sandbox", given({ BILLING_SANDBOX: "on" })).livemode).toBe(false);
  expect(openProvider("manual", given({})).livemode).toBe(true);
});

test("bank transfers go to the account that is configured", async () => {
  const provider = openProvider(
    "manual",
    given({
      BILLING_IBAN: "de89 3704 0044 0532 0130 00",
      BILLING_BIC: "COBADEFFXXX",
      PROVIDER_LEGAL_NAME: "Comptoir SAS",
    }),
  );
  const attempt = { invoiceNumber: "539007547034" } as Parameters<typeof provider.charge>[0];
  expect(await provider.charge(attempt)).toEqual({
    kind: "awaiting_transfer",
    reference: "RF18539007547034",
    iban: "DE89370400440532013000",
    bic: "COBADEFFXXX",
    holder: "Comptoir SAS",
  });
});
