import fs from "node:fs";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { SMTPServer } from "smtp-server";
import { demoPassword } from "#db/seed/world.ts";
import { addMinutes, addMonths } from "#lib/core/clock.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { askToSignUp, enter, goodPassword, type Newcomer, newEmail, openLetter, upgrade } from "../accounts.ts";
import { visit } from "../fixtures.ts";
import { createKey } from "../keys.ts";
import { adminOf, launch, ready, type ServerProcess, stop } from "./server-process.ts";

test.describe.configure({ mode: "serial", timeout: 240_000 });

type Customer = Newcomer & { secret: string };

const price = { input: 1, output: 1 };
const models = ["plain", "fresh"].map((id) => ({ id, price, maxContextLength: 2000 }));
let upstream: FakeUpstream;
let server: ServerProcess;
let customer: Customer;
/** A customer whose mailbox is full on the day of the announcement. */
let late: Customer;
let agent: string;
/** When the model ends for who was told at once. */
let T: Date;

/** A mail server that takes every letter but those to the full mailbox. */
const mail = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  onRcptTo: ({ address }, _session, done) =>
    done(address === late?.email ? Object.assign(new Error("Mailbox full"), { responseCode: 552 }) : null),
  onData: (stream, { envelope }, done) => {
    void text(stream).then((raw) => {
      for (const { address } of envelope.rcptTo)
        letters.push({ to: address, text: raw.replace(/=\r\n/g, "").replace(/=3D/g, "=") });
      done();
    });
  },
});
const letters: { to: string; text: string }[] = [];

/** Where the letter to a new address leads: with a mail server, no page shows that. */
async function confirmation(email: string): Promise<string> {
  const link = () => letters.find(({ to }) => to === email)?.text.match(/\/confirm\?token=[\w-]{43}/)?.[0];
  await expect.poll(link, { timeout: 30_000 }).toBeDefined();
  return link() ?? "";
}

async function start(): Promise<void> {
  const env = {
    UPSTREAMS: JSON.stringify([{ id: "fake", url: upstream.url, models }]),
    SMTP_URL: `smtp://127.0.0.1:${(mail.server.address() as AddressInfo).port}`,
  };
  server = await launch({ env });
  await ready(server);
}

test.beforeAll(async () => {
  test.setTimeout(180_000);
  upstream = await startFakeUpstream({
    record: false,
    answer: ({ body }) => ({ text: [`${body.model} bread`], promptTokens: 3, completionTokens: 1 }),
  });
  await new Promise<void>((resolve) => mail.listen(0, "127.0.0.1", resolve));
  await start();
});

test.afterAll(async () => {
  await stop(server);
  await upstream.close();
  await new Promise<void>((resolve) => mail.close(() => resolve()));
  fs.rmSync(server.folder, { recursive: true, force: true });
});

/** A browser of a person, signed in. */
async function open(browser: Browser, email?: string, password = demoPassword): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: server.url, reducedMotion: "reduce" })).newPage();
  if (email) await enter(page, email, password);
  return page;
}

const use = ({ secret }: Customer): Promise<Response> =>
  fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "plain", messages: [{ role: "user", content: "Hello" }], max_tokens: 4 }),
  });

const sunsetFor = async (who: Customer): Promise<string | null> => (await use(who)).headers.get("sunset");

async function newCustomer(page: Page, key: string): Promise<Customer> {
  const email = newEmail();
  await askToSignUp(page, email);
  await page.goto(await confirmation(email));
  await page.getByRole("button", { name: "Confirm and sign in" }).click();
  await page.waitForURL(/\/ws_\w+\/home$/);
  const workspace = new URL(page.url()).pathname.replace(/\/home$/, "");
  await visit(page, `${workspace}/limits`);
  await upgrade(page);
  return { email, password: goodPassword, workspace, secret: await createKey(page, workspace, key) };
}

async function publish(page: Page, version: number): Promise<void> {
  await page.getByRole("button", { name: "Publish…" }).click();
  const dialog = page.getByRole("dialog", { name: `Publish version ${version}` });
  await dialog.getByLabel("Message").fill("For the shop");
  await dialog.getByRole("checkbox", { name: "I have the rights to what is in it" }).check();
  await dialog.getByRole("button", { name: `Publish version ${version}` }).click();
  await expect(page.getByText(`Version ${version} is published.`)).toBeVisible();
}

test("contract B, T-4.2.1-DISC1: two people announce a model's end; the customer has a letter, and programs a date on every answer", async ({
  browser,
}) => {
  customer = await newCustomer(await open(browser), "oven");
  late = await newCustomer(await open(browser), "stove");
  for (const who of [customer, late]) expect((await use(who)).status).toBe(200);
  expect((await use(customer)).headers.get("deprecation")).toBeNull();
  const page = await open(browser, customer.email, customer.password);
  await visit(page, `${customer.workspace}/agents?create=1`);
  const form = page.getByRole("dialog", { name: "Create agent" });
  await form.getByLabel("Name").fill("Taster");
  await form.getByLabel("Model").selectOption("plain");
  await form.getByRole("button", { name: "Create agent" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Taster" })).toBeVisible();
  agent = new URL(page.url()).pathname;
  await publish(page, 0);

  T = addMinutes(addMonths(new Date(), 6), 30);
  T.setUTCSeconds(0, 0);
  await adminOf(server.folder)("staff", "add", "--email", "ledger@example.com", "--roles", "billing,models");
  const first = await open(browser, "support@example.com");
  await visit(first, "/staff/models?create=1");
  const end = first.getByRole("dialog", { name: "Announce the end of a model" });
  await end.getByLabel("Model").selectOption("plain");
  await end.getByLabel("Replacement").selectOption("fresh");
  await end.getByLabel("Ends on").fill(T.toISOString().slice(0, 16));
  await end.getByLabel("Why").fill("The newer one bakes the same at half the heat.");
  await end.getByRole("button", { name: "Write down" }).click();
  await expect(first.getByText("Another person has to announce it.")).toBeVisible();
  await expect(first.getByRole("button", { name: "Announce to customers" })).toHaveCount(0);
  const second = await open(browser, "ledger@example.com");
  await visit(second, "/staff/models");
  await second.getByRole("button", { name: "Announce to customers" }).click();
  await expect(second.getByRole("row", { name: /plain → fresh/ })).toContainText("Announced");

  await expect(() => openLetter(page, customer.email, `plain ends on ${T.toISOString().slice(0, 10)}`)).toPass({
    timeout: 150_000,
  });
  await expect.poll(() => sunsetFor(customer), { timeout: 150_000 }).toBe(T.toUTCString());
  const { headers } = await use(customer);
  expect(headers.get("deprecation")).toMatch(/^@\d{10}$/);
  expect(headers.get("link")).toContain('rel="successor-version"');
  const told = await use(late);
  expect([told.status, told.headers.get("sunset")]).toEqual([200, null]);
});

test("contract B, T-4.2.1-DISC4: the customer sees what asks the model, tries what replaces it, and switches an agent", async ({
  browser,
}) => {
  const page = await open(browser, customer.email, customer.password);
  await visit(page, `${customer.workspace}/models`);
  await page.getByRole("link", { name: "What you have to change" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "plain" })).toBeVisible();
  const impact = new URL(page.url()).pathname;
  await expect(async () => {
    await visit(page, impact);
    await expect(page.getByRole("row", { name: /oven/ })).toContainText("Ask for fresh instead.", { timeout: 1000 });
  }).toPass({ timeout: 150_000 });

  await page.getByRole("link", { name: "Try the replacement" }).click();
  await page.getByRole("textbox", { name: "Your prompts" }).fill("Rye?\n---\nWheat?");
  await page.getByRole("button", { name: "Ask both" }).click();
  const wheat = page.getByRole("listitem").filter({ hasText: "Wheat?" });
  await expect(wheat.getByText("plain bread")).toBeVisible();
  await expect(wheat.getByText("fresh bread")).toBeVisible();
  await wheat.getByRole("button", { name: "Better" }).click();
  await page.getByRole("button", { name: "Keep the verdict" }).click();
  await expect(page.getByRole("table", { name: "Trials" })).toContainText("1, 0, 0");

  await visit(page, impact);
  await page
    .getByRole("row", { name: /Taster/ })
    .getByRole("button", { name: "Switch draft to replacement" })
    .click();
  await expect(async () => {
    await visit(page, agent);
    await expect(page.getByLabel("Model", { exact: true })).toHaveValue("fresh", { timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await publish(page, 1);
});
