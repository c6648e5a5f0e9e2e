import { expect, test } from "vitest";
import { parse, staffNeedFactor } from "./env.ts";

const secret = Buffer.alloc(32, 1).toString("base64url");
const secrets = { AUTH_SECRET: secret, KEY_PEPPER: secret, CONTENT_KEY: secret };

test("what is missing is said in one line each, with what it is for", () => {
  const lines = () => parse({ PORT: "3000" });
  expect(lines).toThrow(/^AUTH_SECRET is not set: .+\nKEY_PEPPER is not set: .+\nCONTENT_KEY is not set: /);
});

test("an empty variable is as good as none, and a wrong one is named", () => {
  expect(parse({ ...secrets, SMTP_URL: "", PORT: "" })).toMatchObject({ PORT: 3000, HOST: "127.0.0.1" });
  expect(() => parse({ ...secrets, PORT: "eighty" })).toThrow(/^PORT: /);
  expect(() => parse({ ...secrets, AUTH_SECRET: "short" })).toThrow(/AUTH_SECRET: must be at least 32/);
});

test("a PUBLIC_URL that cannot work is refused at the start, and one that can is its origin", () => {
  for (const url of [
    "https://example.com/console",
    "https://example.com/?x",
    "https://a@example.com",
    "ftp://example.com",
  ])
    expect(() => parse({ ...secrets, PUBLIC_URL: url }), url).toThrow(/^PUBLIC_URL: [^\n]+$/);
  for (const url of ["https://example.com", "https://example.com/", "https://EXAMPLE.com:443/"])
    expect(parse({ ...secrets, PUBLIC_URL: url }).PUBLIC_URL).toBe("https://example.com");
});

test.each([
  [{}, true],
  [{ DEMO: "on" }, false],
  [{ DEMO: "off", STAFF_SECOND_FACTOR: "off" }, false],
  [{ DEMO: "on", STAFF_SECOND_FACTOR: "on" }, true],
  [{ STAFF_SECOND_FACTOR: "" }, true],
])("with %j staff need a second factor: %s", (given, needed) => {
  expect(staffNeedFactor(parse({ ...secrets, ...given }))).toBe(needed);
});

test("a live key of Stripe without its webhook secret, or sent elsewhere, is refused at the start", () => {
  const live = { ...secrets, STRIPE_SECRET_KEY: "sk_live_1" };
  expect(() => parse(live)).toThrow(/^STRIPE_WEBHOOK_SECRET is not set: .*Required with a live key/);
  expect(() => parse({ ...live, STRIPE_WEBHOOK_SECRET: " " })).toThrow(/^STRIPE_WEBHOOK_SECRET: /);
  const whole = { ...live, STRIPE_WEBHOOK_SECRET: "whsec_1, whsec_2" };
  expect(parse(whole).STRIPE_WEBHOOK_SECRET).toEqual(["whsec_1", "whsec_2"]);
  expect(() => parse({ ...whole, STRIPE_API_BASE: "http://localhost:1" })).toThrow(/^STRIPE_API_BASE: a live key/);
  expect(parse({ ...secrets, STRIPE_SECRET_KEY: "sk_test_1", STRIPE_API_BASE: "http://localhost:1" })).toBeDefined();
});

test.each([
  ["STRIPE_SECRET_KEY", "pk_live_1"],
  ["STRIPE_SECRET_KEY", "sk_test_1 "],
  ["STRIPE_WEBHOOK_SECRET", "secret"],
  ["STRIPE_WEBHOOK_SECRET", "whsec_1,,whsec_2"],
  ["STRIPE_API_BASE", "http://localhost:1/v1"],
  ["BILLING_IBAN", "DE88370400440532013000"],
  ["BILLING_BIC", "COBA"],
])("%s=%s is refused at the start", (name, value) => {
  expect(() => parse({ ...secrets, [name]: value })).toThrow(new RegExp(`^${name}: `));
});

test("a bucket is described by all four of its variables or by none; what is missing is named", () => {
  const bucket = {
    FILES_S3_URL: "https://s3.example.com/files",
    FILES_S3_REGION: "eu-west-3",
    FILES_S3_KEY_ID: "id",
    FILES_S3_SECRET: "secret",
  };
  expect(parse({ ...secrets, ...bucket })).toMatchObject(bucket);
  for (const name of Object.keys(bucket)) {
    expect(() => parse({ ...secrets, ...bucket, [name]: "" }), name).toThrow(
      new RegExp(`^${name} is not set: [^\n]+$`),
    );
  }
});
