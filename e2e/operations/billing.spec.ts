import fs from "node:fs";
import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { addDays } from "#lib/core/clock.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { pdfText } from "#lib/testing/pdf-text.ts";
import { enter, newEmail, openLetter, signUp, upgrade } from "../accounts.ts";
import { visit } from "../fixtures.ts";
import { createKey } from "../keys.ts";
import { giveReason } from "../looks.ts";
import { launch, ready, type ServerProcess, stop } from "./server-process.ts";

test.describe.configure({ mode: "serial", timeout: 180_000 });

const demoPassword = "counter-and-ledger";
/** A euro a token of the answer, so that one request of twelve costs as much as a month of a small customer. */
const models = [{ id: "dear", price: { input: 0, output: 1_000_000 }, maxContextLength: 2000 }];
let upstream: FakeUpstream;
let server: ServerProcess;
let month: Date;
let owner: { email: string; password: string; workspace: string };
let secret: string;

const start = async (offset = 0, folder?: string): Promise<void> => {
  const env = { UPSTREAMS: JSON.stringify([{ id: "fake", url: upstream.url, models }]), CLOCK_OFFSET: String(offset) };
  server = await launch({ env, ...(folder !== undefined && { folder }) });
  await ready(server);
};

test.beforeAll(async () => {
  test.setTimeout(180_000);
  upstream = await startFakeUpstream({
    record: false,
    answer: ({ body }) => ({ text: ["word "], promptTokens: 3, completionTokens: Number(body.max_tokens) }),
  });
  await start();
});

test.afterAll(async () => {
  await stop(server);
  await upstream.close();
  fs.rmSync(server.folder, { recursive: true, force: true });
});

/** A browser of its own at the server of this journey. */
const open = async (browser: Browser): Promise<Page> =>
  (await browser.newContext({ baseURL: server.url, reducedMotion: "reduce" })).newPage();

const use = (tokens: number): Promise<Response> =>
  fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "dear", messages: [{ role: "user", content: "Hello" }], max_tokens: tokens }),
  });

const billing = (page: string): string => `${owner.workspace}/organization/billing${page}`;

/** The row of the list of documents that has this kind and status, once it is there with its file. */
async function documentOf(page: Page, kind: string, status: string): Promise<Locator> {
  const file = page.getByRole("link", { name: "PDF" });
  const row = page.getByRole("row").filter({ hasText: kind }).filter({ hasText: status }).filter({ has: file });
  await expect(async () => {
    await page.goto(billing("/invoices"));
    await expect(row).toHaveCount(1, { timeout: 1000 });
  }).toPass({ timeout: 90_000 });
  return row;
}

/** The text of the PDF behind a link or a button. */
async function textOfPdf(page: Page, link: Locator): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  expect(download.suggestedFilename()).toMatch(/^TEST-(INV|CN)-\d{4}-\d{6}\.pdf$/);
  return pdfText(fs.readFileSync(await download.path())).join(" ");
}

test("T-5.2-ADV1, T-4.2.2.2-LIM2: who adds a card and crosses a threshold by calls is sent an advance, and a raised limit unblocks", async ({
  browser,
}) => {
  const page = await open(browser);
  owner = await signUp(page, newEmail(), "Quince Mills");
  await visit(page, `${owner.workspace}/limits`);
  await upgrade(page);
  secret = await createKey(page, owner.workspace, "mill");
  month = new Date();

  expect((await use(60)).status).toBe(200);
  const advance = await documentOf(page, "Advance", "Paid");
  await expect(advance).toContainText("€60.00");
  await openLetter(page, owner.email, /TEST-INV-\d{4}-\d{6}/);

  await visit(page, `${owner.workspace}/limits`);
  const form = page.getByRole("form", { name: /^Organization / });
  const limitTo = async (euros: string) => {
    await form.getByRole("textbox", { name: "Monthly limit in euros" }).fill(euros);
    await page.keyboard.press("Enter");
    await expect(form.getByText("Saved. It counts from the next request on.")).toBeVisible();
  };
  await limitTo("61");
  expect((await use(12)).status).toBe(402);
  await limitTo("500");
  expect((await use(12)).status).toBe(200);
});

test("T-5.2-EOC, T-5.2-DISP: the month closes by the clock, its invoice takes the advance off, a line is disputed and credited by staff", async ({
  browser,
}) => {
  const { folder } = server;
  await stop(server);
  const next = Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1);
  await start(addDays(new Date(next), 1).getTime() - Date.now(), folder);

  const page = await open(browser);
  await enter(page, owner.email, owner.password);
  await (await documentOf(page, "Monthly summary", "Paid")).getByRole("link").first().click();
  await expect(page.getByRole("row", { name: /^dear, output tokens/ })).toContainText("€72.00");
  const totals = page.getByRole("definition");
  await expect(page.getByRole("term").filter({ hasText: /^Advance TEST-INV-/ })).toBeVisible();
  await expect(totals.filter({ hasText: "€86.40" }).first()).toBeVisible();
  await expect(totals.filter({ hasText: "€26.40" }).first()).toBeVisible();
  const number = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
  const text = await textOfPdf(page, page.getByRole("link", { name: "Download PDF" }));
  expect(text).toContain(number);

  await page.getByRole("button", { name: "Dispute lines…" }).click();
  const dialog = page.getByRole("dialog", { name: `Dispute ${number}` });
  await dialog.getByLabel(/output tokens/).fill("10");
  await dialog.getByLabel("Reason").fill("Ten of these were answers that broke off.");
  await dialog.getByRole("button", { name: "Send dispute" }).click();
  await page.getByRole("link", { name: "€12.00 disputed" }).click();
  const write = async (words: string) => {
    await page.getByLabel("Message").fill(words);
    await page.getByRole("button", { name: "Send message" }).click();
    await expect(page.getByRole("listitem").filter({ hasText: words })).toBeVisible();
  };
  await write("The list of their ids follows.");
  const list = { name: "ids.csv", mimeType: "text/csv", buffer: Buffer.from("id\nreq_1\n") };
  await page.getByLabel("Files", { exact: true }).setInputFiles(list);
  await write("Here it is.");
  await expect(page.getByRole("link", { name: list.name })).toBeVisible();

  const desk = await open(browser);
  await enter(desk, "ledger@example.com", demoPassword);
  await visit(desk, "/staff/billing/disputes");
  await desk.getByRole("link", { name: number }).click();
  await giveReason(desk, "Answers that broke off");
  const [file] = await Promise.all([
    desk.waitForEvent("download"),
    desk.getByRole("link", { name: list.name }).click(),
  ]);
  expect(fs.readFileSync(await file.path())).toEqual(list.buffer);
  await desk.getByRole("button", { name: "Decide…" }).click();
  const decision = desk.getByRole("dialog", { name: `Decide the dispute of ${number}` });
  await decision.getByLabel("Decision").selectOption({ label: "Give all of it back" });
  await decision.getByLabel("Answer").fill("They are given back.");
  await decision.getByRole("button", { name: "Decide dispute" }).click();
  await expect(desk.getByText("Accepted", { exact: true })).toBeVisible();

  const credit = await documentOf(page, "Credit note", "Issued");
  await expect(credit).toContainText("12.00");
  const note = await textOfPdf(page, credit.getByRole("link", { name: "PDF" }));
  expect(note).toContain(number);
});
