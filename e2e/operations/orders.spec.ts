import fs from "node:fs";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { addDays, addMinutes, dayOf, startOfDay } from "#lib/core/clock.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { enter, type Newcomer, newEmail, openLetter, resetPassword, signUp, upgrade } from "../accounts.ts";
import { visit } from "../fixtures.ts";
import { createKey } from "../keys.ts";
import { giveReason } from "../looks.ts";
import { across, type MovedServer, moveTo, openAt, startMoved } from "./moved-clock.ts";
import { adminOf, stop } from "./server-process.ts";

test.describe.configure({ mode: "serial", timeout: 240_000 });

const demoPassword = "counter-and-ledger";
const models = [{ id: "plain", price: { input: 1, output: 8 }, maxContextLength: 2000 }];
const number = "QB-2207";
const name = "Quist Bakeries";
const today = dayOf(new Date());
const lastDay = dayOf(addDays(new Date(), 1));
/** The instant at which the order's last day is over. */
const midnight = addDays(startOfDay(lastDay), 1);

let upstream: FakeUpstream;
let server: MovedServer;
let owner: Newcomer;
let secret: string;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  upstream = await startFakeUpstream({
    record: false,
    answer: () => ({ text: ["word"], promptTokens: 3, completionTokens: 4 }),
  });
  server = await startMoved({ UPSTREAMS: JSON.stringify([{ id: "fake", url: upstream.url, models }]) });
});

test.afterAll(async () => {
  await stop(server.process);
  await upstream.close();
  fs.rmSync(server.process.folder, { recursive: true, force: true });
});

type Used = { status: number; rate: string | null; request: string };

/** A call with the key: by which rate it was admitted, and its id. */
async function use(): Promise<Used> {
  const response = await fetch(`${server.process.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "plain", messages: [{ role: "user", content: "Hello" }], max_tokens: 4 }),
  });
  await response.arrayBuffer();
  const { headers, status } = response;
  return { status, rate: headers.get("x-ratelimit-limit-req-second"), request: headers.get("x-request-id") ?? "" };
}

/** What a million tokens of the answer cost in a request, as the log shows it to the customer. */
async function expectPrice(page: Page, { request }: Used, euros: string): Promise<void> {
  const answer = page.getByRole("table", { name: "How the cost came about" }).getByRole("row", { name: /^Answer/ });
  await expect(async () => {
    await page.goto(`${owner.workspace}/logs/${request}`);
    await expect(answer).toContainText(euros, { timeout: 1000 });
  }).toPass({ timeout: 30_000, intervals: [500] });
}

/** What the price list says of the answers of the model. */
async function expectListed(page: Page, words: string): Promise<void> {
  await visit(page, `${owner.workspace}/organization/billing/prices`);
  const row = page.getByRole("row").filter({ has: page.locator('[id="price:output:plain"]') });
  await expect(row).toContainText(words);
}

async function desk(browser: Browser, email: string): Promise<Page> {
  const page = await openAt(browser, server);
  await enter(page, email, demoPassword);
  return page;
}

async function approve(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Approve…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Approve order" }).click();
}

test("contract G, T-3-PO: an order with its own price and rate holds once two people who did not write it approved", async ({
  browser,
}) => {
  const page = await openAt(browser, server);
  owner = await signUp(page, newEmail(), name);
  await visit(page, `${owner.workspace}/limits`);
  await upgrade(page);
  secret = await createKey(page, owner.workspace, "oven");
  const first = await use();
  expect(first).toMatchObject({ status: 200, rate: "20" });
  await expectPrice(page, first, "€8.00");

  const author = await desk(browser, "ledger@example.com");
  await visit(author, "/staff/orders");
  await author.getByRole("button", { name: "Open a customer…" }).click();
  const why = author.getByRole("dialog", { name: "Why do you look at this customer?" });
  await why.getByRole("combobox", { name: "Customer" }).click();
  await author.getByRole("combobox", { name: "Search: customer" }).fill(name);
  await author.getByRole("option", { name }).click();
  await why.getByLabel("Reason").selectOption({ label: "The customer asked for help" });
  await why.getByLabel("What you look for").fill("They send an order.");
  await why.getByRole("button", { name: "Look" }).click();
  await author.getByRole("button", { name: "New order" }).click();
  const drafting = author.getByRole("dialog", { name: "Write down an order" });
  await drafting.getByLabel("Number").fill(number);
  for (const [label, day] of Object.entries({ "Signed on": today, "First day": today, "Last day": lastDay }))
    await drafting.getByLabel(label).fill(day);
  const terms = "price:output:plain = 2.50\nrate:requests_second:plain = 33\ndays.dispute = 45";
  await drafting.getByLabel("Terms").fill(terms);
  await drafting.getByRole("button", { name: "Save draft" }).click();
  await expect(author.getByRole("heading", { level: 1, name: `Order ${number} of ${name}` })).toBeVisible();
  await approve(author);
  await expect(author.getByText("You wrote this order, so two others have to approve it.")).toBeVisible();
  const order = new URL(author.url()).pathname;

  const admin = adminOf(server.process.folder);
  await admin("staff", "add", "--email", "support@example.com", "--roles", "support,billing");
  const second = await desk(browser, "support@example.com");
  await visit(second, order);
  await giveReason(second, "To approve their order.");
  await approve(second);
  await expect(second.getByText("Noor Haddad").first()).toBeVisible();
  await approve(second);
  await expect(second.getByText("You approved it already; another person has to.")).toBeVisible();
  expect(await use()).toMatchObject({ status: 200, rate: "20" });

  const email = newEmail();
  await admin("staff", "add", "--email", email, "--roles", "billing");
  const third = await openAt(browser, server);
  await resetPassword(third, email, demoPassword);
  await enter(third, email, demoPassword);
  await visit(third, order);
  await giveReason(third, "To approve their order.");
  await approve(third);
  await expect(third.getByText("In force", { exact: true })).toBeVisible();
});

test("contract G, T-2-PREC: page, gate and letter say the same of the order from the next request on", async ({
  browser,
}) => {
  await expect.poll(async () => (await use()).rate, { intervals: [100] }).toBe("33");
  const page = await openAt(browser, server);
  await enter(page, owner.email, owner.password);
  await expectPrice(page, await use(), "€2.50");
  await expectListed(page, "€2.50");
  await expectListed(page, number);
  await visit(page, `${owner.workspace}/limits`);
  await expect(page.getByText("33 requests a second").first()).toBeVisible();
  await visit(page, `${owner.workspace}/organization/billing/orders`);
  await expect(page.getByText("In force", { exact: true })).toBeVisible();
  await expect(page.getByRole("row", { name: /dispute an invoice/ })).toContainText("45 days");
  await openLetter(page, owner.email, `Purchase order ${number} is approved`);
});

test("contract G, T-2-PREC: the order ends at midnight, for the first request after it and for the pages", async ({
  browser,
}) => {
  await moveTo(server, addMinutes(midnight, -1));
  const { before, after } = await across(server, midnight, use);
  expect(before.length).toBeGreaterThan(0);
  for (const one of before) expect(one).toMatchObject({ status: 200, rate: "33" });
  for (const one of after) expect(one).toMatchObject({ status: 200, rate: "20" });

  const page = await openAt(browser, server);
  await enter(page, owner.email, owner.password);
  await expectPrice(page, before.at(-1) as Used, "€2.50");
  await expectPrice(page, after[0] as Used, "€8.00");
  await expectListed(page, "€8.00");
  await visit(page, `${owner.workspace}/organization/billing/orders`);
  await expect(page.getByText("Ended", { exact: true })).toBeVisible();
});
