import fs from "node:fs";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { freePort } from "#db/embedded.ts";
import { addMinutes } from "#lib/core/clock.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { OauthProvider } from "#lib/testing/oauth-provider.ts";
import { OtlpServer } from "#lib/testing/otlp-server.ts";
import { ServiceServer } from "#lib/testing/service-server.ts";
import { enter, newEmail, openLetter, signUp, upgrade } from "../accounts.ts";
import { visit } from "../fixtures.ts";
import { createKey } from "../keys.ts";
import { launch, ready, type ServerProcess, stop } from "./server-process.ts";

test.describe.configure({ mode: "serial", timeout: 240_000 });

const model = "plain";
const header = "Bearer of the collector";
/** Services of others, which run here: a chat with the desk that is signed in to, its provider, and a collector. */
const services = new ServiceServer();
const collector = new OtlpServer();
const provider = new OauthProvider();
let upstream: FakeUpstream;
let env: Record<string, string>;
let server: ServerProcess;
let owner: { email: string; password: string; workspace: string };
let desk: string;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  const port = await freePort();
  const url = `http://localhost:${port}`;
  await Promise.all([services.start(), collector.start()]);
  const connect = await provider.serve({ redirectUri: `${url}/api/connections`, eventsUrl: `${services.url}/desk` });
  // As every such service does, it takes what comes with a token that is good, and nothing else.
  services.fault = async (_call, path, { authorization }) =>
    path === "/desk" && !(await provider.takes(authorization)) ? 401 : undefined;
  upstream = await startFakeUpstream({
    record: false,
    answer: () => ({ text: ["word"], promptTokens: 3, completionTokens: 1 }),
  });
  const models = [{ id: model, price: { input: 1, output: 1 }, maxContextLength: 2000 }];
  env = {
    PORT: String(port),
    PUBLIC_URL: url,
    UPSTREAMS: JSON.stringify([{ id: "fake", url: upstream.url, models }]),
    OUTGOING_ALLOWED_RANGES: "127.0.0.0/8",
    ...connect,
  };
  server = await launch({ env });
  await ready(server);
});

test.afterAll(async () => {
  await stop(server);
  await Promise.all([services.close(), collector.close(), provider.close(), upstream.close()]);
  fs.rmSync(server.folder, { recursive: true, force: true });
});

/** A browser of the owner, signed in. */
async function open(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: server.url, reducedMotion: "reduce" })).newPage();
  if (owner) await enter(page, owner.email, owner.password);
  return page;
}

const list = (): string => `${owner.workspace}/organization/integrations`;

/** What came to an address, as text. */
const cameTo = (path: string): string[] => services.got.filter((got) => got.path === path).map(({ body }) => body);

const traces = (): string[] => collector.to("/v1/traces").map(({ text }) => text);

async function fillIn(page: Page, service: string, values: Record<string, string>): Promise<void> {
  await page.getByRole("link", { name: `Connect ${service}`, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: `Connect ${service}` })).toBeVisible();
  await expect(page.getByText("What leaves", { exact: true })).toBeVisible();
  await page.getByLabel("For", { exact: true }).selectOption("All workspaces of the organization");
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value);
}

const state = (page: Page, word: string) => expect(page.getByText(word, { exact: true }).first()).toBeVisible();

test("contract F, T-4.2.1-TPS2: a chat and a collector are connected by key, once what leaves was read, and are told of a key and of a request", async ({
  browser,
}) => {
  const page = await open(browser);
  owner = await signUp(page, newEmail());
  await visit(page, `${owner.workspace}/limits`);
  await upgrade(page);

  await visit(page, list());
  await fillIn(page, "Slack", { "Incoming webhook": `${services.url}/chat`, Name: "#ovens" });
  await page.getByRole("checkbox", { name: /^api_key\.created/ }).check();
  await page.getByRole("button", { name: "Connect Slack" }).click();
  await expect(page.getByText("Read what leaves for this service, and confirm it.")).toBeVisible();
  await expect(page.getByLabel("For", { exact: true })).toHaveValue("organization");
  expect(services.got).toEqual([]);
  await page.getByRole("checkbox", { name: /I have read this/ }).check();
  await page.getByLabel("Incoming webhook", { exact: true }).fill(`${services.url}/chat`);
  await page.getByRole("button", { name: "Connect Slack" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "#ovens" })).toBeVisible();
  await state(page, "Connected");
  expect(cameTo("/chat")).toHaveLength(1);

  await visit(page, list());
  await fillIn(page, "OpenTelemetry", {
    Endpoint: collector.url,
    Header: "authorization",
    "Value of the header": header,
  });
  await page.getByRole("checkbox", { name: /I have read this/ }).check();
  await page.getByRole("button", { name: "Connect OpenTelemetry" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "OpenTelemetry" })).toBeVisible();
  await state(page, "Connected");
  expect(traces()).not.toEqual([]);
  expect(traces().join(" ")).not.toContain(model);

  const secret = await createKey(page, owner.workspace, "oven");
  const answer = await fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "Rye or wheat" }], max_tokens: 4 }),
  });
  expect(answer.status).toBe(200);
  await expect.poll(() => cameTo("/chat").join(" "), { timeout: 60_000 }).toContain("oven");
  await expect.poll(() => traces().join(" "), { timeout: 150_000 }).toContain(model);
  for (const { headers } of collector.calls) expect(headers.authorization).toBe(header);
  for (const sent of [...traces(), ...cameTo("/chat")]) expect(sent).not.toContain("Rye or wheat");
});

test("contract F, T-4.2.1-TPS1: a service is connected by signing in there; taken back there, it needs its people, who are told and connect it again", async ({
  browser,
}) => {
  const page = await open(browser);
  await visit(page, list());
  await fillIn(page, "Example Desk", { Name: "Desk" });
  await page.getByRole("checkbox", { name: /^api_key\.created/ }).check();
  await page.getByRole("checkbox", { name: /I have read this/ }).check();
  await page.getByRole("button", { name: "Sign in at Example Desk" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Desk" })).toBeVisible();
  await state(page, "Connected");
  desk = new URL(page.url()).pathname;
  expect(desk).toMatch(/\/integrations\/con_\w+$/);
  await createKey(page, owner.workspace, "mixer");
  await expect.poll(() => cameTo("/desk").join(" "), { timeout: 60_000 }).toContain("mixer");

  await provider.takeBack();
  await createKey(page, owner.workspace, "proofer");
  await expect(async () => {
    await visit(page, desk);
    await expect(page.getByText("This connection needs you")).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
  await state(page, "Needs reconnect");
  expect(cameTo("/desk").join(" ")).not.toContain("proofer");
  await openLetter(page, owner.email, "Desk needs to be connected again");

  await visit(page, desk);
  await page.getByRole("link", { name: "Reconnect", exact: true }).click();
  await page.getByRole("button", { name: "Sign in again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Desk" })).toBeVisible();
  await state(page, "Connected");
  expect(new URL(page.url()).pathname).toBe(desk);
  await createKey(page, owner.workspace, "slicer");
  await expect.poll(() => cameTo("/desk").join(" "), { timeout: 60_000 }).toContain("slicer");
});

test("contract F, T-4.2.1-TPS1: blocked in one workspace, nothing of it is sent to a chat that the others go on writing to", async ({
  browser,
}) => {
  const page = await open(browser);
  await visit(page, `${owner.workspace}/home`);
  await page.getByRole("button", { name: /Switch workspace/ }).click();
  await page.getByRole("link", { name: "Create workspace" }).click();
  const dialog = page.getByRole("dialog", { name: "Create workspace" });
  await dialog.getByLabel("Name").fill("Research");
  await dialog.getByRole("button", { name: "Create workspace" }).click();
  await page.waitForURL((url) => /\/ws_\w+\/home$/.test(url.pathname) && !url.pathname.startsWith(owner.workspace));
  const research = new URL(page.url()).pathname.replace(/\/home$/, "");
  await createKey(page, research, "furnace");
  await expect.poll(() => cameTo("/chat").join(" "), { timeout: 60_000 }).toContain("furnace");

  await visit(page, list());
  await page.getByRole("link", { name: "Who can connect Slack" }).click();
  const rule = page.getByRole("form", { name: "Rule of Research" });
  await rule.getByRole("combobox").selectOption("Blocked");
  await rule.getByRole("button", { name: "Save" }).click();
  await expect(rule.getByText("Saved.")).toBeVisible();

  await createKey(page, research, "crucible");
  await createKey(page, owner.workspace, "whisk");
  await expect.poll(() => cameTo("/chat").join(" "), { timeout: 60_000 }).toContain("whisk");
  await visit(page, `${research}/organization/integrations/connect/slack`);
  await expect(page.getByText("Slack cannot be connected here")).toBeVisible();
  expect(cameTo("/chat").join(" ")).not.toContain("crucible");
});

test("contract F, T-4.2.1-TPS1: before its hour is over a token is renewed at the provider, and its people have nothing to do", async ({
  browser,
}) => {
  const { folder } = server;
  await stop(server);
  const later = String(addMinutes(new Date(0), 50).getTime());
  server = await launch({ folder, env: { ...env, CLOCK_OFFSET: later } });
  await ready(server);
  const page = await open(browser);
  await expect(async () => {
    await visit(page, desk);
    await expect(page.getByRole("row", { name: /Token renewed/ }).first()).toContainText("Taken", { timeout: 1000 });
  }).toPass({ timeout: 150_000 });
  await state(page, "Connected");
  await page.getByRole("button", { name: "Test" }).click();
  await expect(page.getByRole("row", { name: /Test/ }).first()).toContainText("Taken");
});
