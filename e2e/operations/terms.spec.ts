import fs from "node:fs";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { addDays, addMinutes, dayOf, startOfDay } from "#lib/core/clock.ts";
import { type FakeUpstream, startFakeUpstream } from "#lib/testing/fake-upstream.ts";
import { enter, linkOfLetter, type Newcomer, newEmail, resetPassword, signUp } from "../accounts.ts";
import { visit } from "../fixtures.ts";
import { createKey } from "../keys.ts";
import { across, type MovedServer, moveTo, openAt, startMoved } from "./moved-clock.ts";
import { adminOf, stop } from "./server-process.ts";

test.describe.configure({ mode: "serial", timeout: 240_000 });

const demoPassword = "counter-and-ledger";
const subject = /^Terms of service: version 2 from /;
const summary = "Notice to end the agreement is given 20 days before the end of a cycle, not 15.";
const models = [{ id: "plain", price: { input: 1, output: 1 }, maxContextLength: 2000 }];
/** From when the change holds: a midnight that leaves room for two decisions. */
const planned = startOfDay(dayOf(addDays(new Date(), 33)));

type Customer = Newcomer & { secret: string };
let upstream: FakeUpstream;
let server: MovedServer;
let [agreeing, leaving, silent] = [] as unknown as [Customer, Customer, Customer];

test.beforeAll(async () => {
  test.setTimeout(180_000);
  upstream = await startFakeUpstream({
    record: false,
    answer: () => ({ text: ["word"], promptTokens: 3, completionTokens: 1 }),
  });
  server = await startMoved({ UPSTREAMS: JSON.stringify([{ id: "fake", url: upstream.url, models }]) });
});

test.afterAll(async () => {
  await stop(server.process);
  await upstream.close();
  fs.rmSync(server.process.folder, { recursive: true, force: true });
});

const customer = async (browser: Browser, name: string): Promise<Customer> => {
  const page = await openAt(browser, server);
  const newcomer = await signUp(page, newEmail(), name);
  return { ...newcomer, secret: await createKey(page, newcomer.workspace, "oven") };
};

const asCustomer = async (browser: Browser, { email, password }: Customer): Promise<Page> => {
  const page = await openAt(browser, server);
  await enter(page, email, password);
  return page;
};

/** The answer to a call with a key: its status, and what it was refused for. */
const use = async ({ secret }: Customer): Promise<string> => {
  const response = await fetch(`${server.process.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "plain", messages: [{ role: "user", content: "Hello" }], max_tokens: 4 }),
  });
  const { code } = (await response.json()) as { code?: string };
  return [response.status, code].join(" ").trim();
};

const contract = ({ workspace }: Customer, more = ""): string => `${workspace}/organization/contract${more}`;
const banner = (page: Page) => page.getByRole("region", { name: "Changed terms" });
/** A clause or a value of the contract, as its page shows it. */
const row = (page: Page, id: string) => page.getByRole("row").filter({ has: page.locator(`[id="${id}"]`) });

/** How a customer came to agree to the second version, by its audit log: the method, and whether it held already. */
async function agreements(page: Page, { workspace }: Customer): Promise<[method: string, after: boolean][]> {
  const file = await page.request.get(`${workspace}/organization/audit/json?action=terms.accept`);
  const rows: { at: string; after: string }[] = await file.json();
  return rows
    .map(({ at, after }) => ({ at: new Date(at), ...JSON.parse(after) }))
    .filter(({ version }) => version === 2)
    .map(({ at, method }) => [method, at >= planned]);
}

/** Our text with another period of notice, and with one paragraph in another place. */
function secondVersion(): string {
  const first = fs.readFileSync("lib/domain/terms/documents/terms.md", "utf8");
  return first
    .replace("version: 1", "version: 2")
    .replace("days.termination: 15", "days.termination: 20")
    .replace("**15 days' notice", "**20 days' notice");
}

test("contract A, T-7-SUB: a substantial change takes two people of the staff, and one alone announces nothing", async ({
  browser,
}) => {
  agreeing = await customer(browser, "Quist Bakeries");
  leaving = await customer(browser, "Quince Mills");
  silent = await customer(browser, "Harbour Print");
  for (const one of [leaving, silent]) expect(await use(one)).toBe("200");

  const author = await openAt(browser, server);
  await enter(author, "support@example.com", demoPassword);
  await visit(author, "/staff/terms?create=1");
  const drafting = author.getByRole("dialog", { name: "Draft a version" });
  await drafting.getByLabel("Text").fill(secondVersion());
  await drafting.getByRole("button", { name: "Save draft" }).click();
  await author.getByRole("link", { name: "terms 2" }).click();
  await author.getByRole("button", { name: "Approve" }).click();
  const approving = author.getByRole("dialog", { name: "Approve this version" });
  await approving.getByLabel("The change is").selectOption("substantial");
  await approving.getByLabel("What changes").fill(summary);
  await approving.getByLabel("Holds from").fill(addDays(new Date(), 20).toISOString());
  await approving.getByRole("button", { name: "Approve" }).click();
  await expect(approving.getByText(/The earliest/).first()).toBeVisible();
  await approving.getByLabel("Holds from").fill(planned.toISOString());
  await approving.getByRole("button", { name: "Approve" }).click();
  await expect(author.getByText(`Approved for ${planned.toISOString()}`)).toBeVisible();
  await author.getByRole("button", { name: "Announce to customers" }).click();
  await expect(author.getByText("You approved it; another person has to announce it.")).toBeVisible();

  const email = newEmail();
  await adminOf(server.process.folder)("staff", "add", "--email", email, "--roles", "legal");
  const second = await openAt(browser, server);
  await resetPassword(second, email, demoPassword);
  await enter(second, email, demoPassword);
  await visit(second, new URL(author.url()).pathname);
  await second.getByRole("button", { name: "Announce to customers" }).click();
  await expect(second.getByText(/^Announced\./)).toBeVisible();
});

test("contract A, T-7-SUB, T-7-EXIT: each customer has the letter, the banner and the marked text; one agrees, another ends", async ({
  browser,
}) => {
  const reader = await asCustomer(browser, agreeing);
  let address = "";
  await expect(async () => {
    address = await linkOfLetter(reader, agreeing.email, subject, /\/legal\/terms\/1\/diff\/2/);
  }).toPass({ timeout: 150_000, intervals: [1000] });
  await reader.goto(address);
  const changed = reader.getByRole("listitem").filter({ hasText: "Changed" });
  await expect(changed.filter({ hasText: "notice before the end of the current billing cycle" })).toBeVisible();
  await expect(reader.getByRole("deletion").filter({ hasText: "15" })).toBeVisible();
  await expect(reader.getByRole("insertion").filter({ hasText: "20" })).toBeVisible();

  await visit(reader, `${agreeing.workspace}/home`);
  await expect(banner(reader)).toContainText("version 2 holds from");
  await banner(reader).getByRole("link", { name: "Read what changes" }).click();
  await expect(reader.getByText(summary)).toBeVisible();
  await reader.getByRole("button", { name: "Agree", exact: true }).click();
  await expect(reader.getByText(/agreed for the organization on/)).toBeVisible();

  const opponent = await asCustomer(browser, leaving);
  await visit(opponent, contract(leaving, "/changes"));
  await opponent.getByRole("button", { name: "I do not agree: end the agreement" }).click();
  const dialog = opponent.getByRole("dialog", { name: "End the agreement" });
  await dialog.getByRole("button", { name: "End the agreement" }).click();
  await expect(opponent.getByText(/^The agreement ends on/).first()).toBeVisible();
  await expect(opponent.getByRole("button", { name: "Agree", exact: true })).toHaveCount(0);

  const waiting = await asCustomer(browser, silent);
  await visit(waiting, contract(silent));
  await expect(row(waiting, "T-7-SUB")).toContainText("You were told, and can agree or disagree until its date.");
  await expect(row(waiting, "days.termination")).toContainText("15 days");
  for (const one of [leaving, silent]) expect(await use(one)).toBe("200");
});

test("contract A, T-7-EXIT: at the instant of the change one agreement ends, and the first use of a third customer agrees", async ({
  browser,
}) => {
  await moveTo(server, addMinutes(planned, -1));
  const { before, after } = await across(server, planned, () => Promise.all([use(leaving), use(silent)]));
  expect(new Set(before.flat())).toEqual(new Set(["200"]));
  expect(before.length).toBeGreaterThan(0);
  for (const answers of after) expect(answers).toEqual(["403 organization_terminated", "200"]);

  const user = await asCustomer(browser, silent);
  await expect(async () => {
    await visit(user, contract(silent));
    await expect(row(user, "T-7-EXIT")).toContainText("Use after the date agreed to it.", { timeout: 1000 });
  }).toPass({ timeout: 150_000, intervals: [1000] });
  await expect(row(user, "days.termination")).toContainText("20 days");
  await expect(banner(user)).toHaveCount(0);
  expect(await agreements(user, silent)).toEqual([["implied_by_use", true]]);

  const opponent = await asCustomer(browser, leaving);
  await visit(opponent, contract(leaving));
  await expect(row(opponent, "T-7-EXIT")).toContainText("the new version never binds you");
  await expect(row(opponent, "days.termination")).toContainText("15 days");
  expect(await agreements(opponent, leaving)).toEqual([]);
  const reader = await asCustomer(browser, agreeing);
  await visit(reader, contract(agreeing));
  await expect(row(reader, "days.termination")).toContainText("20 days");
  expect(await agreements(reader, agreeing)).toEqual([["click", false]]);
});
