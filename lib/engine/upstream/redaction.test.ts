import fc from "fast-check";
import { expect, test } from "vitest";
import { redacted } from "./redaction.ts";

const of = (letters: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength });
const letters = "abcdefghijklmnopqrstuvwxyz";
const mixed = `${letters}ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789`;
const label = fc.tuple(of(letters, 1, 8), fc.nat(99)).map(([word, number]) => `${word}-${number}`);
const port = fc.integer({ min: 10, max: 65_535 });
const ip = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join("."));
const segments = fc.array(
  of(`${letters}0123456789_.-`, 2, 10).filter((one) => /^[a-z]/.test(one)),
  { minLength: 1, maxLength: 4 },
);

/** What must not be seen, and how it may be written. */
const secrets = fc.oneof(
  fc
    .tuple(fc.constantFrom("sk-", "sk-proj-", "hf_", "gsk_", "ghp_", "nvapi-"), of(mixed, 12, 40))
    .map((parts) => parts.join("")),
  of(mixed, 24, 60).filter((key) => /\d/.test(key)),
  fc.tuple(of(letters, 1, 8), port).map(([host, at]) => `http://${host}:${at}/v1/chat`),
  fc
    .tuple(label, fc.constantFrom("internal", "local", "svc.cluster.local", "example.com"))
    .map((parts) => parts.join(".")),
  fc.tuple(label, port).map((parts) => parts.join(":")),
  ip,
  fc.tuple(ip, port).map((parts) => parts.join(":")),
  fc.constantFrom("fe80::1ff:fe23:4567:890a", "2001:db8:0:0:8:800:200c:417a", "[2001:db8::1]:8000", "localhost:8000"),
  segments.map((parts) => `/${parts.join("/")}`),
  segments.map((parts) => `C:\\${parts.join("\\")}`),
);

const places = fc.constantFrom(
  (secret: string) => `request to ${secret} failed`,
  (secret: string) => `cannot use "${secret}".`,
  (secret: string) => `bad input (${secret}), try again`,
  (secret: string) => `key=${secret}`,
  (secret: string) => `${secret}`,
);

test("keys, addresses and paths of the house are not in what a customer reads", () => {
  fc.assert(
    fc.property(secrets, places, (secret, place) => {
      const told = redacted(place(secret));
      expect(told).not.toContain(secret);
      // Nor any long part of it.
      for (let at = 0; at + 12 <= secret.length; at++) expect(told).not.toContain(secret.slice(at, at + 12));
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ["Authorization: Bearer abcdef is wrong", "abcdef"],
  ['{"api_key": "short"}', "short"],
  ["password=hunter2", "hunter2"],
  ['boom\nTraceback (most recent call last):\n  File "/srv/app.py", line 3, in run\n    x()', "run"],
  ["TypeError: x\n    at handler (file:///srv/dist/main.js:10:5)\n    at next", "handler"],
  ["error in engine.py:123", "engine.py"],
  ["ask admin@example.org", "admin"],
  ["cannot open /sk4.models/llama/weights", "llama"],
  ["cannot open D:\\hf_cache\\llama\\weights", "llama"],
])("%j tells nothing of %j", (message, secret) => {
  expect(redacted(message)).not.toContain(secret);
});

test.each([
  "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4900 in the messages, 100 in the completion).",
  "messages.0.content must be a string, not null",
  "Invalid value for response_format.json_schema.schema: 'type' is required.",
  "temperature must be between 0 and 2, got 3.5",
  "The model `llama-3.1-8b` does not exist.",
  "Unsupported parameter: max_completion_tokens and/or context_length_exceeded",
])("what helps the customer stays: %s", (message) => {
  expect(redacted(message)).toBe(message);
});

test("a long message is looked through in no time", () => {
  for (const hostile of [
    "x-".repeat(50_000),
    "a.".repeat(50_000),
    "1:".repeat(50_000),
    "/".repeat(50_000),
    "a1".repeat(50_000),
  ]) {
    const begun = performance.now();
    redacted(hostile);
    expect(performance.now() - begun).toBeLessThan(500);
  }
});
