import fs from "node:fs";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { addMinutes } from "#lib/core/clock.ts";
import { endOf } from "#lib/domain/agreements/rules.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { enter, newEmail, openLetter, signUp, upgrade } from "../accounts.ts";
import { visit } from "../fixtures.ts";
import { createKey } from "../keys.ts";
import { launch, ready, type ServerProcess, stop } from "./server-process.ts";

test.describe.configure({ mode: "serial", timeout: 180_000 });

const models = [{ id: "plain", price: { input: 1, output: 1 }, maxContextLength: 2000 }];
let upstream: FakeUpstream;
let server: ServerProcess;
let owner: { email: string; password: string; workspace: string };
let secret: string;
let T: Date;

const start = async (offset = 0, folder?: string): Promise<void> => {
  const env = { UPSTREAMS: JSON.stringify([{ id: "fake", url: upstream.url, models }]), CLOCK_OFFSET: String(offset) };
  server = await launch({ env, ...(folder !== undefined && { folder }) });
  await ready(server);
};

/** The same server at another time. */
const startAt = async (at: Date): Promise<void> => {
  const { folder } = server;
  await stop(server);
  await start(at.getTime() - Date.now(), folder);
};

test.beforeAll(async () => {
  test.setTimeout(180_000);
  upstream = await startFakeUpstream({
    record: false,
    answer: () => ({ text: ["word"], promptTokens: 3, completionTokens: 1 }),
  });
  await start();
});

test.afterAll(async () => {
  await stop(server);
  await upstream.close();
  fs.rmSync(server.folder, { recursive: true, force: true });
});

const open = async (browser: Browser): Promise<Page> =>
  (await browser.newContext({ baseURL: server.url, reducedMotion: "reduce" })).newPage();

const use = (key = secret): Promise<Response> =>
  fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "plain", messages: [{ role: "user", content: "Hello" }], max_tokens: 4 }),
  });

const ending = (): string => `${owner.workspace}/organization/contract/ending`;

async function giveNotice(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Give notice" }).click();
  const dialog = page.getByRole("dialog", { name: "End the agreement of Quist Bakeries" });
  await dialog.getByLabel("Type Quist Bakeries").fill("Quist Bakeries");
  await dialog.getByLabel(/delete every copy/).check();
  await dialog.getByRole("button", { name: "Give notice" }).click();
  await expect(page.getByText("The agreement ends on")).toBeVisible();
}

test("contract C, T-6-CONV: the date and what happens stand there before the click; a notice is given, withdrawn and given again", async ({
  browser,
}) => {
  const page = await open(browser);
  owner = await signUp(page, newEmail());
  await visit(page, `${owner.workspace}/limits`);
  await upgrade(page);
  secret = await createKey(page, owner.workspace, "oven");
  expect((await use()).status).toBe(200);

  T = endOf(new Date(), 15);
  await visit(page, ending());
  await expect(page.getByText(`Notice given now ends it on ${T.toISOString().slice(0, 10)}`)).toBeVisible();
  await expect(page.getByRole("row", { name: /API keys end, for good/ })).toContainText("1");
  await giveNotice(page);
  await openLetter(page, owner.email, /Your agreement with .* ends on/);

  await visit(page, ending());
  await page.getByRole("button", { name: "Withdraw notice" }).click();
  await expect(page.getByRole("button", { name: "Give notice" })).toBeVisible();
  expect((await use()).status).toBe(200);
  await giveNotice(page);
});

test("contract C, T-6-EFF: from the end on calls are refused, the last invoice comes, and a former customer reads on", async ({
  browser,
}) => {
  await startAt(addMinutes(T, -2));
  expect((await use()).status).toBe(200);
  await startAt(addMinutes(T, 5));
  const refused = await use();
  expect([refused.status, (await refused.json()).code]).toEqual([403, "organization_terminated"]);

  const page = await open(browser);
  await enter(page, owner.email, owner.password);
  await expect(async () => {
    await visit(page, ending());
    await expect(page.getByText("The last bill is settled upon.")).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 150_000 });
  await expect(page.getByText("The contract of this organization has ended")).toBeVisible();
  await expect(page.getByRole("row", { name: /^Agents/ }).first()).toContainText("Comes back if you do");
  await visit(page, `${owner.workspace}/organization/billing/invoices`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await visit(page, `${owner.workspace}/organization/audit`);
  await expect(page.getByText("contract.apply").or(page.getByText(/ended/)).first()).toBeVisible();
  await page.goto(`${owner.workspace}/keys`);
  await expect(page.getByRole("button", { name: /Create/ })).toHaveCount(0);
});

test("contract D, T-4.3-DEL2: a former customer comes back with a new agreement, and keys of before stay ended", async ({
  browser,
}) => {
  const page = await open(browser);
  await enter(page, owner.email, owner.password);
  await visit(page, ending());
  await page.getByRole("checkbox", { name: /I agree/ }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("The contract of this organization has ended")).toHaveCount(0);
  expect((await use()).status).toBe(401);
  expect((await use(await createKey(page, owner.workspace, "new oven"))).status).toBe(200);
  await visit(page, ending());
  await expect(page.getByRole("button", { name: "Give notice" })).toBeVisible();
});
