import type http from "node:http";
import { expect, test } from "vitest";
import { clientAddress } from "./client-address.ts";

const request = (peer: string, forwarded?: string) =>
  ({
    socket: { remoteAddress: peer },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as http.IncomingMessage;

test("without proxies of ours no one says where they come from but the connection itself", () => {
  expect(clientAddress(request("203.0.113.9", "198.51.100.1"), 0)).toBe("203.0.113.9");
  expect(clientAddress(request("::ffff:203.0.113.9"), 0)).toBe("203.0.113.9");
});

test("behind proxies the address is the one the outermost of ours wrote, whatever stands before it", () => {
  expect(clientAddress(request("10.0.0.1", "198.51.100.1"), 1)).toBe("198.51.100.1");
  expect(clientAddress(request("10.0.0.1", "1.1.1.1, 198.51.100.1"), 1)).toBe("198.51.100.1");
  expect(clientAddress(request("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2"), 2)).toBe("198.51.100.1");
});
