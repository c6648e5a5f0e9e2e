import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import S3rver from "s3rver";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Env, env } from "#lib/core/env.ts";
import { mirrorBucket } from "#lib/core/status-env.ts";
import type { StatusSnapshot } from "#lib/domain/status/view.ts";
import { mirrorOf } from "./mirror.ts";
import { answerStatus, statusPlace } from "./pages.tsx";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mirror-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const snapshot: StatusSnapshot = {
  asOf: "2026-12-01T10:00:00.000Z",
  provider: "Comptoir",
  components: [{ id: "api", name: "API", state: "up", days: [] }],
  incidents: [],
  maintenances: [],
};
const set = (more: Partial<Env>): Env => ({ ...env(), ...more });

const expected = [
  "index.html",
  "history.atom",
  "maintenance.ics",
  "badge.svg",
  "api/v2/summary.json",
  "api/v2/incidents/unresolved.json",
];

test("contract 37: the whole page is copied to a folder that a web server may read, and its links stay among its files", async () => {
  const target = path.join(folder, "www");
  const mirror = mirrorOf(set({ STATUS_MIRROR: target, STATUS_HOST: "status.example.com" }));
  await mirror?.(snapshot);
  await mirror?.({ ...snapshot, asOf: "2026-12-01T10:01:00.000Z" });
  const page = fs.readFileSync(path.join(target, "index.html"), "utf8");
  expect(page).toContain("2026-12-01, 10:01");
  for (const name of expected) expect(fs.statSync(path.join(target, name)).mode & 0o444).toBe(0o444);
  const own = [...page.matchAll(/href="(\.\/[^"]+)"/g)].map(([, link = ""]) => link);
  expect(own.length).toBeGreaterThan(3);
  for (const link of own) expect(fs.existsSync(path.join(target, link))).toBe(true);
  expect(fs.readFileSync(path.join(target, "history.atom"), "utf8")).toContain("//status.example.com");
  expect(fs.readdirSync(target).some((name) => name.endsWith(String(process.pid)))).toBe(false);
});

const [keyId, secret] = ["S3RVER", "S3RVER"];
let port: number;
const bucket = new S3rver({
  port: 0,
  address: "127.0.0.1",
  silent: true,
  directory: path.join(folder, "s3"),
  configureBuckets: [{ name: "status", configs: [] }],
});
beforeAll(async () => {
  ({ port } = (await bucket.run()) as AddressInfo);
});
afterAll(() => bucket.close());

test("contract 37: the page is copied to a bucket with the types that browsers need, and a wrong key is told", async () => {
  const address = (keyId: string) => `http://${keyId}:${secret}@127.0.0.1:${port}/status?region=eu-west-3`;
  await mirrorOf(set({ STATUS_MIRROR: address(keyId) }))?.(snapshot);
  const answer = await fetch(`http://127.0.0.1:${port}/status/index.html`);
  const types = await Promise.all(
    expected.map(async (name) => (await fetch(`http://127.0.0.1:${port}/status/${name}`)).headers.get("content-type")),
  );
  expect(types).toEqual([
    "text/html; charset=utf-8",
    "application/atom+xml; charset=utf-8",
    "text/calendar; charset=utf-8",
    "image/svg+xml; charset=utf-8",
    "application/json; charset=utf-8",
    "application/json; charset=utf-8",
  ]);
  expect(await answer.text()).toContain("Everything works");
  await expect(mirrorOf(set({ STATUS_MIRROR: address("wrong") }))?.(snapshot)).rejects.toThrow("answered 403");
});

test("what names a bucket is a whole address with its key and region, and everything else is a folder or refused", () => {
  expect(mirrorBucket("https://a%2Fb:c%2Bd@s3.example.com/bucket/of/ours/?region=eu")).toEqual({
    url: "https://s3.example.com/bucket/of/ours",
    region: "eu",
    keyId: "a/b",
    secret: "c+d",
  });
  for (const wrong of [
    "https://s3.example.com/bucket?region=eu",
    "https://a:b@s3.example.com/?region=eu",
    "https://a:b@s3.example.com/b",
    "https://a:b%zz@s3.example.com/b?region=eu",
    "/srv/www",
  ])
    expect(mirrorBucket(wrong)).toBeNull();
});

test("contract 37: a host of its own shows the status page at its root, and nothing else", async () => {
  const own = set({ STATUS_HOST: "status.example.com" });
  const server = http.createServer((request, response) => {
    const [address = ""] = (request.url ?? "").split("?", 1);
    const place = statusPlace(own, request.headers.host, address);
    if (place) answerStatus(address, request, response, { snapshot, place });
    else response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (address: string, host: string) =>
    new Promise<{ status: number; text: string }>((resolve) => {
      http.get({ port, host: "127.0.0.1", path: address, headers: { host } }, (answer) => {
        let text = "";
        answer.on("data", (piece) => {
          text += piece;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      });
    });
  const host = "Status.Example.com:8443";
  const page = await ask("/", host);
  expect(page.status).toBe(200);
  const links = [...page.text.matchAll(/href="(\/[^"/][^"]*)"/g)].map(([, link = ""]) => link);
  expect(links).toContain("/history.atom");
  for (const link of links) expect((await ask(link, host)).status).toBe(200);
  for (const other of ["/v1/models", "/sign-in", "/constructor", "/__proto__"])
    expect((await ask(other, host)).status).toBe(404);
  expect((await ask("/", "console.example.com")).status).toBe(418);
  expect((await ask("/status", "console.example.com")).status).toBe(200);
  server.close();
});
