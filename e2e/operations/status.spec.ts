import fs from "node:fs";
import path from "node:path";
import { type Browser, type BrowserContextOptions, expect, type Page, test } from "@playwright/test";
import { findPostgres, startPostgres } from "#db/embedded.ts";
import { linkOfLetter, newEmail } from "../accounts.ts";
import { visit } from "../fixtures.ts";
import { adminOf, launch, ready, type ServerProcess, stop } from "./server-process.ts";

test.describe.configure({ mode: "serial", timeout: 240_000 });

let server: ServerProcess;
const subscriber = newEmail();

test.beforeAll(async () => {
  test.setTimeout(180_000);
  server = await launch({ env: { PROCESSES: "1" } });
  await ready(server);
});

test.afterAll(async () => {
  await stop(server);
  fs.rmSync(server.folder, { recursive: true, force: true });
});

const open = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Page> =>
  (await browser.newContext({ baseURL: server.url, reducedMotion: "reduce", ...options })).newPage();
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, javaScriptEnabled: false };

const component = (page: Page, name: string) => page.locator("section.card").filter({ hasText: name });

/** Looks come once a minute. */
const shows = (page: Page, name: string, words: string): Promise<void> =>
  expect(async () => {
    await page.goto("/status");
    await expect(component(page, name)).toContainText(words, { timeout: 500 });
  }).toPass({ timeout: 150_000, intervals: [1000] });

test("contract E, T-4.4-SLO1: anyone subscribes with the keyboard, and confirms by the letter", async ({ browser }) => {
  const page = await open(browser);
  await page.goto("/status");
  const letters = page.getByRole("link", { name: "Letters" });
  await letters.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "E-mail" }).focus();
  await page.keyboard.type(subscriber);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Look into your inbox")).toBeVisible();
  await page.goto(
    await linkOfLetter(page, subscriber, /^Confirm: status letters/, /\/status-letters\/confirm\?token=[\w-]+/),
  );
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("status").getByText(/^Confirmed/)).toBeVisible();
});

test("contract E, T-4.4-SLO1: with its database killed the page still answers, on a phone and without script, and says what does not", async ({
  browser,
}) => {
  const page = await open(browser, phone);
  await shows(page, "API", "Works");
  const home = path.join(server.folder, "postgres");
  const database = await findPostgres(home);
  if (!database) throw new Error("The database runs.");
  process.kill(database.pid, "SIGQUIT");
  await expect.poll(async () => (await fetch(`${server.url}/health`)).status).toBe(503);
  await page.goto("/status");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  for (const address of ["/status/api/v2/summary.json", "/status/history.atom", "/status/maintenance.ics"])
    expect((await page.request.get(address)).status()).toBe(200);
  await shows(page, "API", "Does not answer");
  await expect(page.getByText("Some things do not answer")).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide).toBe(0);
  await startPostgres(home, database.port);
  await shows(page, "API", "Works");
});

test("contract E, T-4.4-SLO1: staff say what it was, and the subscriber has a letter for each word of it", async ({
  browser,
}) => {
  const admin = adminOf(server.folder);
  const words = ["--components", "api", "--title", "The database was away"];
  const { id } = await admin("status", "incident", ...words, "--impact", "major", "--words", "We look into it.");
  await admin("status", "update", "--incident", id, "--state", "resolved", "--words", "It is back. Nothing was lost.");
  const page = await open(browser);
  await expect(async () => {
    await visit(page, "/demo/outbox");
    await expect(page.getByText(/The database was away: it is over/)).toBeVisible({ timeout: 1000 });
    await expect(page.getByText(/The database was away: we are looking into it/)).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
  await expect(async () => {
    await page.goto("/status");
    await expect(page.getByText("It is back. Nothing was lost.")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 90_000, intervals: [1000] });
});
