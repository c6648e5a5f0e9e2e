import path from "node:path";
import type { Locator, Page } from "@playwright/test";
import postgres from "postgres";
import { startPostgres } from "#db/embedded.ts";
import { newEmail, openLetter, signUp, upgrade } from "./accounts.ts";
import { organizationOf, payFor } from "./database.ts";
import { expect, test, visit } from "./fixtures.ts";
import { ask } from "./keys.ts";
import { giveReason } from "./looks.ts";
import { admin } from "./server.ts";

type Owner = { organizationId: string; limits: string; secret: string; email: string };

/** A person on a plan, signed in on this page, with a key. */
async function newOwner(page: Page, plan: "free" | "paid", name: string): Promise<Owner> {
  const { email, workspace } = await signUp(page, newEmail(), name);
  const id = workspace.slice(1);
  if (plan === "paid") await payFor(id);
  const { secret } = await admin<{ secret: string }>("key", "create", "--workspace", id, "--name", "test");
  return { organizationId: await organizationOf(id), limits: `${workspace}/limits`, secret, email };
}

test.describe.configure({ timeout: 120_000 });

/** The card with a title. */
const card = (page: Page, title: string): Locator =>
  page.locator("section").filter({ has: page.getByRole("heading", { name: title, exact: true }) });

/** As if other processes had taken all but a few of the month's tokens. */
async function useUpMonth(organizationId: string): Promise<void> {
  const { url } = await startPostgres(path.join(process.env.E2E_DATA_DIR ?? ".data/e2e", "postgres"));
  const sql = postgres(url, { max: 1 });
  const name = `mon:${new Date().toISOString().slice(0, 7)}`;
  await sql`insert into rate_buckets (organization_id, name, level, at) values (${organizationId}, ${name}, 3999995, now())`;
  await sql.end();
}

test("T-4.2.2.1-RL, T-4.2.2.2-RL: a free customer who has used up the month upgrades, and the next request passes", async ({
  page,
}) => {
  const owner = await newOwner(page, "free", "Month's End");
  await visit(page, owner.limits);
  const rates = card(page, "Rate limits");
  await expect(rates.getByText("Terms of service, plan Free").first()).toBeVisible();
  await useUpMonth(owner.organizationId);
  // The gauge moves without a reload.
  await expect(rates.getByRole("meter", { name: "All models, 4,000,000 tokens a month" })).toHaveAttribute(
    "aria-valuetext",
    /^3,999,995 of 4,000,000, resets /,
  );
  const refused = await ask(owner.secret);
  expect(refused.status).toBe(429);
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    "retry-after": expect.stringMatching(/^\d+$/),
    "x-should-retry": "false",
    "x-ratelimit-limit-req-second": "1",
    "x-ratelimit-limit-tokens-minute": "50000",
    "x-ratelimit-limit-tokens-month": "4000000",
    "x-ratelimit-remaining-tokens-month": "5",
  });
  const body = await refused.json();
  expect(body.error).toMatchObject({ type: "tokens_month_reached", limit: 4_000_000, used: 3_999_995 });
  expect(new Date(body.error.resets_at).getUTCDate()).toBe(1);

  await page.goto(body.error.upgrade_url);
  await upgrade(page);

  const passed = await ask(owner.secret);
  expect(passed.status).toBe(200);
  expect(passed.headers.get("x-ratelimit-limit-req-second")).toBe("20");
  expect(passed.headers.get("x-ratelimit-limit-tokens-month")).toBeNull();
  await visit(page, owner.limits);
  await expect(rates.getByText("Tier 1, with the paid plan").first()).toBeVisible();
  await expect(rates.getByText("tokens a month")).toHaveCount(0);
});

test("T-4.2.1-RL: a customer asks for more, staff grant it until a day, and it holds from the next request on", async ({
  page,
  as,
}) => {
  const name = `Morning Post ${Date.now()}`;
  const owner = await newOwner(page, "paid", name);
  await visit(page, owner.limits);
  await page.getByRole("button", { name: "Request higher limits" }).click();
  const form = page.getByRole("dialog", { name: "Request higher limits" });
  await form.getByRole("button", { name: "Send request" }).click();
  await expect(form.getByText("Fill in at least one limit.")).toBeVisible();
  await form.getByLabel("Model").selectOption("tiny-chat-1");
  await form.getByLabel("Requests a second").fill("45");
  await form.getByLabel("Use case").fill("We answer the letters of a whole city, most of them before eight.");
  await form.getByRole("button", { name: "Send request" }).click();
  await expect(form).toBeHidden();
  await expect(page.getByText("Waiting for an answer")).toBeVisible();

  const staff = await as("ledger");
  await visit(staff, "/staff/rates");
  const request = card(staff, "Open requests").getByRole("listitem").filter({ hasText: name });
  await expect(request).toContainText("45 requests a second for tiny-chat-1");
  await expect(request).not.toContainText("We answer the letters");
  await request.getByRole("button", { name: "Look…" }).click();
  await giveReason(staff, "They ask for higher limits.", "The customer made a request we decide about");
  await expect(request).toContainText("We answer the letters");
  await request.getByRole("button", { name: "Grant…" }).click();
  const grant = staff.getByRole("dialog", { name: `Grant limits to ${name}` });
  await grant.getByLabel("Requests a second").fill("30");
  await grant.getByLabel("Last day").fill("2099-12-31");
  await grant.getByRole("button", { name: "Grant limits" }).click();
  await expect(grant.getByText("Say why, in a few words.")).toBeVisible();
  await grant.getByLabel("Reason").fill("For the winter");
  await grant.getByRole("button", { name: "Grant limits" }).click();
  await expect(grant).toBeHidden();
  await expect(request).toHaveCount(0);

  expect((await ask(owner.secret)).headers.get("x-ratelimit-limit-req-second")).toBe("30");
  await page.reload();
  const rates = card(page, "Rate limits");
  await expect(rates.getByRole("listitem").filter({ hasText: "30 requests a second" })).toContainText(
    ", to the end of 31 Dec 2099: For the winter",
  );
  await expect(page.getByText("Answer: For the winter")).toBeVisible();
  await openLetter(page, owner.email, `Higher rate limits for ${name}`);

  const override = card(staff, "Overrides in force").getByRole("listitem").filter({ hasText: name });
  await override.getByRole("button", { name: "End" }).click();
  await staff.getByRole("dialog").getByRole("button", { name: "End override" }).click();
  await expect(override).toHaveCount(0);
  expect((await ask(owner.secret)).headers.get("x-ratelimit-limit-req-second")).toBe("20");
});

test("T-4.2.2.2-RL: a workspace limits itself, and the API says by which person", async ({ page }) => {
  const owner = await newOwner(page, "paid", "Two Desks");
  await visit(page, owner.limits);
  await page.getByRole("button", { name: "Set limits" }).click();
  const form = page.getByRole("dialog", { name: "Limits of this workspace" });
  await form.getByLabel("Requests a second").fill("20");
  await form.getByRole("button", { name: "Save limits" }).click();
  await expect(form.getByText("Must be below the organization's 20.")).toBeVisible();
  await form.getByLabel("Requests a second").fill("1");
  await form.getByRole("button", { name: "Save limits" }).click();
  await expect(form).toBeHidden();
  await expect(page.getByText("1 request a second", { exact: true })).toBeVisible();
  const answers = await Promise.all([1, 2, 3].map(() => ask(owner.secret)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 429, 429]);
  const body = await answers.find(({ status }) => status === 429)?.json();
  expect(body.message).toMatch(/This workspace may use 1 request a second.*Set by your workspace admin/);
});
