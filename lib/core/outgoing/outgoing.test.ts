import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isIn, isPublic, rangesOf } from "#lib/core/addresses.ts";
import { createOutgoing, type Resolve } from "./outgoing.ts";

let server: Server;
let port = 0;
let asked: { path: string | undefined; body: string; host: string | undefined }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      asked.push({ path: request.url, body, host: request.headers.host });
      if (request.url === "/redirect")
        return response.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end("go");
      if (request.url === "/busy") return response.writeHead(503, { "retry-after": "7" }).end(request.method);
      if (request.url === "/slow") return response.writeHead(200).write("begun");
      if (request.url === "/endless") {
        response.writeHead(200);
        const pour = () => {
          while (response.write("x".repeat(1000)));
        };
        response.on("drain", pour);
        return pour();
      }
      return response.writeHead(200).end("thanks\0");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" ? (address?.port ?? 0) : 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = (options: Partial<Parameters<typeof createOutgoing>[0]> = {}) => {
  asked = [];
  return createOutgoing({ allowHttp: true, allowedRanges: "127.0.0.1/32", timeoutMs: 2000, ...options });
};
const refused = { problem: "invalid", code: "address_refused" };

describe("what is not the public internet", () => {
  test.each([
    ["loopback", "127.0.0.1", "127.255.255.254", "::1"],
    ["this host", "0.0.0.0", "::"],
    ["private", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12::1"],
    ["carrier's NAT", "100.64.0.1", "100.127.255.255"],
    ["link-local", "169.254.0.1", "fe80::1", "fe80::1%eth0", "febf::1"],
    ["metadata of clouds", "169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"],
    ["multicast", "224.0.0.1", "239.255.255.255", "ff02::1"],
    ["broadcast and reserved", "255.255.255.255", "240.0.0.1"],
    ["documents and benchmarks", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "2001:db8::1", "3fff::1"],
    ["mapped IPv4", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:7f00:1", "::127.0.0.1"],
    ["6to4 and Teredo", "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
    ["NAT64", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"],
    ["nothing at all", "", "localhost", "1.2.3", "1.2.3.4.5"],
  ])("%s", (_name, ...addresses) => {
    expect(addresses.filter(isPublic)).toEqual([]);
  });

  test("the public internet is", () => {
    const addresses = [
      "1.1.1.1",
      "8.8.8.8",
      "172.32.0.1",
      "100.128.0.1",
      "193.0.0.1",
      "2606:4700::1111",
      "2a00:1450::1",
    ];
    expect(addresses.filter((address) => !isPublic(address))).toEqual([]);
  });

  test("ranges an operator opens, and nothing beside or spelled otherwise", () => {
    const ranges = rangesOf("10.20.0.0/16, fd00:1::/32,192.168.7.7");
    const inside = ["10.20.3.4", "fd00:1::9", "192.168.7.7"];
    const outside = ["10.21.0.1", "fd00:2::1", "192.168.7.8", "::ffff:10.20.3.4", "x"];
    expect([...inside, ...outside].filter((address) => isIn(ranges, address))).toEqual(inside);
    expect(isIn(rangesOf(""), "10.0.0.1")).toBe(false);
    for (const wrong of ["10.0.0.0/33", "ten", "10.0.0.0/x", "fd00::/129"])
      expect(() => rangesOf(wrong)).toThrow("no range");
  });
});

test("a message reaches an address that is open, by its name, with what was sent", async () => {
  const { status, text } = await open({ resolve: async () => ["127.0.0.1"] }).post(
    `http://hooks.example.com:${port}/in?x=1`,
    "{}",
    { "content-type": "application/json" },
  );
  expect([status, text]).toEqual([200, "thanks\uFFFD"]);
  expect(asked).toEqual([{ path: "/in?x=1", body: "{}", host: `hooks.example.com:${port}` }]);
});

test.each([
  "http://127.0.0.1:PORT/",
  "http://[::1]:PORT/",
  "http://[::ffff:127.0.0.1]:PORT/",
  "http://2130706433:PORT/",
  "http://0x7f.1:PORT/",
  "http://0177.0.0.1:PORT/",
  "http://127.1:PORT/",
  "http://0:PORT/",
  "http://localhost:PORT/",
  "http://169.254.169.254/latest/meta-data/",
])("%s is refused however it is spelled, and nothing is sent", async (address) => {
  const url = address.replace("PORT", String(port));
  const closed = open({ allowedRanges: "" });
  await expect(closed.check(url)).rejects.toMatchObject(refused);
  await expect(closed.post(url, "{}", {})).rejects.toMatchObject(refused);
  expect(asked).toEqual([]);
});

test("a name that means a private address beside a public one is refused", async () => {
  const mixed = open({ allowedRanges: "", resolve: async () => ["8.8.8.8", "10.0.0.1"] });
  await expect(mixed.check("http://hooks.example.com")).rejects.toMatchObject(refused);
  const nobody = open({ resolve: async () => [] });
  await expect(nobody.check("http://hooks.example.com")).rejects.toThrow("no address on the public internet");
});

test("a name that is rebound between the look and the connection is refused at the connection", async () => {
  let looks = 0;
  const rebinding: Resolve = async () => (++looks === 1 ? ["8.8.8.8"] : ["127.0.0.1"]);
  const guarded = open({ allowedRanges: "", resolve: rebinding });
  await expect(guarded.post(`http://hooks.example.com:${port}/`, "{}", {})).rejects.toMatchObject(refused);
  expect(looks).toBe(2);
  expect(asked).toEqual([]);
});

test("the connection goes to the address that was looked at, not to another look", async () => {
  let looks = 0;
  const resolve: Resolve = async () => {
    looks += 1;
    if (looks > 2) throw new Error("Nobody may ask a third time.");
    return ["127.0.0.1"];
  };
  expect((await open({ resolve }).post(`http://hooks.example.com:${port}/`, "{}", {})).status).toBe(200);
  expect(looks).toBe(2);
});

test("a redirect is an answer, not an order", async () => {
  const { status, text } = await open().post(`http://127.0.0.1:${port}/redirect`, "{}", {});
  expect([status, text]).toEqual([302, "go"]);
  expect(asked.map(({ path }) => path)).toEqual(["/redirect"]);
});

test("an endless answer is read to a kilobyte, a slow one to the end of patience", async () => {
  const { text } = await open().post(`http://127.0.0.1:${port}/endless`, "{}", {});
  expect(text).toHaveLength(1024);
  await expect(open({ timeoutMs: 300 }).post(`http://127.0.0.1:${port}/slow`, "{}", {})).rejects.toThrow();
});

test("contract 41: any method goes the same guarded way, with bytes, and how long to wait is told", async () => {
  const url = `http://127.0.0.1:${port}/busy`;
  const answer = await open().send({ method: "PUT", url, headers: {}, body: Buffer.from("bytes") });
  expect([answer.status, answer.text, answer.retryAfter]).toEqual([503, "PUT", "7"]);
  expect(asked.map(({ body }) => body)).toEqual(["bytes"]);
  const inside = { method: "GET", url: "http://169.254.169.254/latest", headers: {} } as const;
  await expect(open().send(inside)).rejects.toMatchObject(refused);
});

test("outside of a demo only https is taken, and never a password in the address", async () => {
  const strict = open({ allowHttp: false, resolve: async () => ["8.8.8.8"] });
  for (const url of ["http://hooks.example.com", "ftp://hooks.example.com", "hooks.example.com", "javascript:1"]) {
    await expect(strict.check(url), url).rejects.toThrow("https://");
  }
  await expect(strict.check("https://me:secret@hooks.example.com")).rejects.toThrow("password");
  await expect(strict.check("https://hooks.example.com/x")).resolves.toBeUndefined();
});
