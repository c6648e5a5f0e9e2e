import type http from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf } from "#lib/core/addresses.ts";
import { clientAddress } from "./client-address.ts";

const asked = (peer: string, headers: Record<string, string>) =>
  ({ socket: { remoteAddress: peer }, headers }) as unknown as http.IncomingMessage;
const request = (peer: string, forwarded?: string) =>
  asked(peer, forwarded === undefined ? {} : { "x-forwarded-for": forwarded });

test("without proxies of ours no one says where they come from but the connection itself", () => {
  expect(clientAddress(request("203.0.113.9", "198.51.100.1"), 0)).toBe("203.0.113.9");
  expect(clientAddress(request("::ffff:203.0.113.9"), 0)).toBe("203.0.113.9");
});

test("behind proxies the address is the one the outermost of ours wrote, whatever stands before it", () => {
  expect(clientAddress(request("10.0.0.1", "198.51.100.1"), 1)).toBe("198.51.100.1");
  expect(clientAddress(request("10.0.0.1", "1.1.1.1, 198.51.100.1"), 1)).toBe("198.51.100.1");
  expect(clientAddress(request("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2"), 2)).toBe("198.51.100.1");
});

test.each([
  ["198.51.100.1", "198.51.100.1"],
  ["198.51.100.1:4711", "198.51.100.1"],
  ['"198.51.100.1:4711"', "198.51.100.1"],
  ["198.51.100.1:_hidden", "198.51.100.1"],
  ["2001:DB8:0:0::1", "2001:db8::1"],
  ["[2001:db8::1]", "2001:db8::1"],
  ["[2001:db8::1]:4711", "2001:db8::1"],
  ['"[2001:db8::1]:4711"', "2001:db8::1"],
  ["::ffff:198.51.100.1", "198.51.100.1"],
  ["::FFFF:c633:6401", "198.51.100.1"],
  ["[::ffff:198.51.100.1]:80", "198.51.100.1"],
  ["fe80::1%eth0", "fe80::1"],
  ["[fe80::1%25eth0]:80", "fe80::1"],
  ["unknown", null],
  ["_hidden", null],
  ["_SEVKISEK", null],
  ["", null],
  ["localhost", null],
  ["198.51.100.256", null],
  ["0198.51.100.1", null],
  ["[198.51.100.1]", null],
  ["[2001:db8::1", null],
  ["198.51.100.1:99999x", null],
  ["198.51.100.1\r\nx: y", null],
])("an entry %j is the address %j", (entry, address) => {
  expect(addressOf(entry)).toBe(address);
  expect(clientAddress(request("10.0.0.1", entry), 1)).toBe(address ?? "10.0.0.1");
});

test.each([
  ["for=192.0.2.60;proto=http;by=203.0.113.43", 1, "192.0.2.60"],
  ['For="[2001:db8:cafe::17]:4711"', 1, "2001:db8:cafe::17"],
  ['for=192.0.2.43, for="[2001:db8:cafe::17]"', 1, "2001:db8:cafe::17"],
  ['for=192.0.2.43, for="[2001:db8:cafe::17]"', 2, "192.0.2.43"],
  ['for="a,b;for=1.1.1.1";by=x, proto=https; FOR = "192.0.2.9:80"', 1, "192.0.2.9"],
  ["for=unknown, for=_secret", 1, "10.0.0.1"],
  ["proto=https", 1, "10.0.0.1"],
  ["for=192.0.2.60", 2, "10.0.0.1"],
])("Forwarded: %s behind %i proxies is %s", (forwarded, proxies, address) => {
  expect(clientAddress(asked("10.0.0.1", { forwarded }), proxies)).toBe(address);
});

test("X-Forwarded-For is the one our proxies are told to write: Forwarded is read only without it", () => {
  const both = { "x-forwarded-for": "198.51.100.1", forwarded: "for=203.0.113.5" };
  expect(clientAddress(asked("10.0.0.1", both), 1)).toBe("198.51.100.1");
  expect(clientAddress(asked("10.0.0.1", both), 0)).toBe("10.0.0.1");
});

test("whatever the headers say, what comes out is an address in its normal form", () => {
  const part = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.constantFrom('"', "[", "]", ":80", "for=", ";", ",", "%", "unknown"),
    fc.string(),
  );
  const header = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(header, header, fc.integer({ min: 0, max: 3 }), (forwardedFor, forwarded, proxies) => {
      const address = clientAddress(asked("10.0.0.1", { "x-forwarded-for": forwardedFor, forwarded }), proxies);
      expect(addressOf(address)).toBe(address);
    }),
    { numRuns: 2000 },
  );
});
