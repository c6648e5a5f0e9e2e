import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOutgoing } from "#lib/core/outgoing/outgoing.ts";
import { createWandb } from "./wandb.ts";

const vendor = "https://api.wandb.ai";
let answers: { status: number; body: string }[] = [];
const asked: { path: string; body: { variables?: unknown } }[] = [];
const server = http.createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  asked.push({ path: request.url ?? "", body: JSON.parse(Buffer.concat(parts).toString()) });
  const { status, body } = answers.shift() ?? { status: 500, body: "" };
  response.writeHead(status, { location: "http://127.0.0.1:1/" }).end(body);
});
let url = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const { post } = createOutgoing({ allowHttp: true, allowedRanges: "127.0.0.1/32", timeoutMs: 1000 });
/** Calls of the vendor's address arrive here. */
const wandb = (base = vendor) =>
  createWandb(base, { post: (to, ...rest) => post(to.replace(vendor, url), ...rest) }, "k".repeat(40));
const run = { project: "my tunings", name: "0123456789abcdef", displayName: null, config: { seed: { value: 7 } } };
const said = (data: unknown, status = 200) => ({ status, body: JSON.stringify({ data }) });
const viewer = said({ viewer: { entity: "team" } });
const bucketOf = (project: string, entity = "team") =>
  said({ upsertBucket: { bucket: { id: "x", name: run.name, project: { name: project, entity: { name: entity } } } } });

test("fine-tuning 40, T-1-TPS: a run is asked for as the vendor's client does, and its page is where the vendor has pages", async () => {
  answers = [viewer, bucketOf("my tunings"), { status: 200, body: "{}" }];
  asked.length = 0;
  const begun = await wandb().begin(run);
  expect(begun).toEqual({
    path: `team/my%20tunings/${run.name}`,
    url: `https://wandb.ai/team/my%20tunings/runs/${run.name}`,
  });
  expect(asked[1]?.body.variables).toEqual({
    input: {
      ...{ entityName: "team", modelName: "my tunings", name: run.name, displayName: null },
      ...{ jobType: "fine-tuning", config: '{"seed":{"value":7}}', state: "running" },
    },
  });
  expect(await wandb().stream("team/p/r", { complete: true })).toBe(200);
  expect(asked.map(({ path }) => path)).toEqual(["/graphql", "/graphql", "/files/team/p/r/file_stream"]);
});

test("fine-tuning 40: a server of one's own has its pages beside its interface", async () => {
  answers = [viewer, bucketOf("p")];
  expect(await wandb(`${url}/`).begin(run)).toMatchObject({ url: `${url}/team/p/runs/${run.name}` });
});

test.each<[string, typeof answers, number | null]>([
  ["a key it does not know", [said({ viewer: null })], 401],
  ["a refusal", [said(null, 403)], 403],
  ["a redirect", [said(null, 302)], 302],
  ["a page in place of an answer", [{ status: 200, body: "<html>" }], 200],
  ["an error in a good answer", [viewer, { status: 200, body: '{"errors":[{"message":"no"}],"data":null}' }], 200],
  ["an answer without end", [viewer, bucketOf("x".repeat(5000))], 200],
  ["names that lead elsewhere", [viewer, bucketOf("..")], 200],
  ["no name", [viewer, bucketOf("")], 200],
])("fine-tuning 40: %s is no run", async (_, given, status) => {
  answers = [...given];
  expect(await wandb().begin(run)).toEqual({ status });
});

test("fine-tuning 40: what cannot be reached, or may not be, has no status", async () => {
  expect(await wandb("http://127.0.0.1:9").begin(run)).toEqual({ status: null });
  expect(await wandb("http://10.0.0.1").stream("a/b/c", {})).toBeNull();
});
