import type { Page } from "@playwright/test";
import { linkOfLetter, newEmail, openLetter, signUp } from "./accounts.ts";
import { barriers } from "./barriers.ts";
import { endContract, payFor, runJob } from "./database.ts";
import { expect, test, visit } from "./fixtures.ts";
import { giveReason } from "./looks.ts";

test.describe.configure({ timeout: 180_000 });

async function newCustomer(page: Page, name: string) {
  const { email, workspace } = await signUp(page, newEmail(), name);
  await payFor(workspace.slice(1));
  return { email, workspace, id: workspace.slice(1) };
}

async function newAgent(page: Page, workspace: string, name: string): Promise<void> {
  await visit(page, `${workspace}/agents?create=1`);
  const form = page.getByRole("dialog");
  await form.getByLabel("Name").fill(name);
  await form.getByRole("button", { name: "Create agent" }).click();
  await page.waitForURL(/\/agents\/ag_\w+/);
}

test("help-zdr 42, T-4.3-DEL3: a former customer asks for an agent's deletion and reads the receipt", async ({
  page,
}) => {
  const { workspace, id } = await newCustomer(page, `Tidal Press ${Date.now()}`);
  await newAgent(page, workspace, "Proofreader");
  await endContract(id);

  await visit(page, `${workspace}/home`);
  await page.waitForURL(/\/help$/);
  await expect(page.getByRole("region", { name: "Former customer" })).toContainText("30 days after");
  const places = page.getByRole("navigation").first();
  await expect(places.getByRole("link", { name: "Billing" })).toBeVisible();
  await expect(places.getByRole("link", { name: "Privacy" })).toBeVisible();
  for (const gone of ["API keys", "Agents", "Members", "Settings"])
    await expect(places.getByRole("link", { name: gone, exact: true })).toHaveCount(0);
  expect(await barriers(page)).toEqual([]);

  await visit(page, `${workspace}/help/new/delete_agent`);
  await page.getByLabel("Subject").fill("Delete our agent");
  await page.getByLabel("Agent", { exact: true }).fill("Proofreader");
  await page.getByLabel("Your request").fill("Please delete it now.");
  await page.getByRole("button", { name: "Open ticket" }).click();
  await page.waitForURL(/\/help\/tkt_\w+$/);
  await runJob("retention.run-deletions");
  await expect(async () => {
    await visit(page, `${workspace}/organization/privacy/receipts`);
    await expect(page.locator('a[href*="/receipts/rcp_"]').first()).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
  await page.locator('a[href*="/receipts/rcp_"]').first().click();
  await expect(page.getByText("T-4.3-DEL3").first()).toBeVisible();
});

test("help-zdr 42, T-4.2.3-DEL3: without an admin, the contact's link opens a guest's ticket that staff sign for", async ({
  page,
  as,
}) => {
  const name = `Lost Harbour ${Date.now()}`;
  const { email, workspace, id } = await newCustomer(page, name);
  await newAgent(page, workspace, "Pilot");
  await endContract(id, { isLeft: true });

  const guest = await as("visitor");
  await visit(guest, "/request");
  expect(await barriers(guest)).toEqual([]);
  await guest.getByLabel("Organization").fill(name);
  await guest.getByLabel("Registration contact").fill(email);
  await guest.getByRole("button", { name: "Send the link" }).click();
  await expect(guest.getByText("Look into your inbox")).toBeVisible();
  await visit(guest, await linkOfLetter(guest, email, /Ask us to delete data/, /\/request\?token=/));
  await guest.getByLabel("Request", { exact: true }).selectOption({ label: "Delete other data" });
  await guest.getByLabel("What", { exact: true }).fill("Everything you have of us.");
  await guest.getByLabel("Your request").fill("Our company is closed.");
  await guest.getByRole("button", { name: "Send request" }).click();
  await expect(guest.getByText(/Your request is ticket T-\d+/)).toBeVisible();

  const staff = await as("support");
  await visit(staff, `/staff?q=${encodeURIComponent(name)}`);
  await expect(staff.getByRole("row").filter({ hasText: name })).toContainText("Delete other data");
  await visit(staff, "/staff/deletions");
  const row = staff.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("Guest");
  await row.getByRole("button").click();
  await giveReason(staff, "They asked for a deletion.");
  await row.getByRole("button", { name: "Sign identity…" }).click();
  const form = staff.getByRole("dialog");
  await form.getByLabel("Proven by the link").check();
  await form.getByRole("button", { name: "Sign identity" }).click();
  await expect(form.getByText("Two of the three are needed")).toBeVisible();
  await form.getByLabel("Proven by the link").check();
  await form.getByLabel("Domain").fill("lost-harbour.example");
  await form.getByRole("button", { name: "Sign identity" }).click();
  await expect(form).toBeHidden();
  await row.getByRole("button", { name: "Carry out…" }).click();
  const order = staff.getByRole("dialog");
  await order.getByRole("checkbox", { name: /^Agents/ }).check();
  await order.getByRole("button", { name: "Delete data" }).click();
  await expect(order).toBeHidden();
  await openLetter(guest, email, "What you asked us to delete is gone");
});

test("T-4.1-USE: anyone reports abuse, and staff say what came of it", async ({ as }) => {
  const place = `https://example.com/${Date.now()}`;
  const visitor = await as("visitor");
  await visit(visitor, "/report");
  await visitor.getByLabel("Kind").selectOption({ label: "Spam" });
  await visitor.getByLabel("Where").fill(place);
  await visitor.getByLabel("What happened").fill("It writes to everyone, every hour.");
  await visitor.getByRole("button", { name: "Send report" }).click();
  await expect(visitor.getByText("Thank you. Our staff look into it.")).toBeVisible();
  const staff = await as("support");
  await visit(staff, "/staff/reports");
  await staff.getByRole("button", { name: `Decide about ${place}` }).click();
  const form = staff.getByRole("dialog");
  await form.getByLabel("Outcome").selectOption({ label: "Dismissed" });
  await form.getByLabel("Why").fill("Not one of ours.");
  await form.getByRole("button", { name: "Save decision" }).click();
  await expect(staff.getByRole("table", { name: "Last decisions" })).toContainText(place);
});
