import type { Locator, Page } from "@playwright/test";
import { newEmail, openLetter, signUp } from "./accounts.ts";
import { payFor } from "./database.ts";
import { expect, test, visit } from "./fixtures.ts";
import { ask } from "./keys.ts";
import { giveReason } from "./looks.ts";
import { admin } from "./server.ts";

test.describe.configure({ timeout: 180_000 });

// Where a machine swaps, as those of test runs do, nothing becomes active without this.
test.beforeAll(async () => {
  const note = "The disks of this machine are encrypted, or it is there for this test alone.";
  await admin("zero-retention", "attest", "--what", "swap-encryption", "--by", "The test", "--note", note);
});

type Owner = { privacy: string; secret: string; email: string };

async function newOwner(page: Page, name: string): Promise<Owner> {
  const { email, workspace } = await signUp(page, newEmail(), name);
  const id = workspace.slice(1);
  await payFor(id);
  const { secret } = await admin<{ secret: string }>("key", "create", "--workspace", id, "--name", "test");
  return { privacy: `${workspace}/organization/privacy`, secret, email };
}

/** Fills the form in and sends it. */
async function request(page: Page, privacy: string): Promise<void> {
  await visit(page, privacy);
  await page.getByRole("button", { name: "Request zero retention" }).click();
  const form = page.getByRole("dialog", { name: "Request zero retention" });
  await form.getByRole("button", { name: "Send request" }).click();
  await expect(form.getByText("Say in at least 50 characters why nothing may be kept.")).toBeVisible();
  await form
    .getByLabel("Why nothing may be kept")
    .fill("Our contract with the city forbids that any processor keeps what citizens ask.");
  await form.getByLabel("Personal data").check();
  await form.getByLabel("I may ask for this on behalf of the organization.").check();
  await form.getByLabel("Without stored content we prevent abuse ourselves.").check();
  await form.getByLabel(/I have read which parts/).check();
  await form.getByRole("button", { name: "Send request" }).click();
  await expect(form).toBeHidden();
}

/** The request's card on the customer's page. */
const card = (page: Page): Locator =>
  page.locator("section").filter({ has: page.getByRole("heading", { name: /^Zero retention: The whole/ }) });

/** Opens a customer's request at the desk, with a reason. */
async function openAtDesk(staff: Page, name: string): Promise<void> {
  await visit(staff, "/staff/zero-retention");
  await staff.getByRole("link", { name }).click();
  await giveReason(staff, "They ask for zero retention.", "The customer made a request we decide about");
  await expect(staff.getByRole("heading", { name, level: 1 })).toBeVisible();
  await staff.getByRole("button", { name: "Take into review" }).click();
}

test("help-zdr 40, T-4.2.2.2-ZDR1, T-4.2.2.2-ZDR2, T-4.2.2.2-ZDR3: asked for, asked back, approved, and active with evidence", async ({
  page,
  as,
}) => {
  const name = `City Archive ${Date.now()}`;
  const owner = await newOwner(page, name);
  expect((await ask(owner.secret)).headers.get("x-content-retention")).toBe("30d");
  await request(page, owner.privacy);
  await expect(card(page).getByText("Submitted")).toBeVisible();

  const staff = await as("support");
  await openAtDesk(staff, name);
  await staff.getByRole("button", { name: "Ask…" }).click();
  const question = staff.getByRole("dialog", { name: "Ask the customer" });
  await question.getByLabel("Question").fill("Which contract is that?");
  await question.getByRole("button", { name: "Send question" }).click();
  await expect(question).toBeHidden();

  await openLetter(page, owner.email, "A question about your request for zero retention");
  await visit(page, owner.privacy);
  await expect(card(page).getByText("Which contract is that?")).toBeVisible();
  await card(page).getByRole("button", { name: "Answer…" }).click();
  const answer = page.getByRole("dialog", { name: "Answer the question" });
  await answer.getByLabel("Answer").fill("The one with the city of Rennes.");
  await answer.getByRole("button", { name: "Send answer" }).click();
  await expect(answer).toBeHidden();

  await staff.reload();
  await expect(staff.getByText("The one with the city of Rennes.")).toBeVisible();
  await staff.getByRole("button", { name: "Approve…" }).click();
  const approval = staff.getByRole("dialog", { name: "Approve zero retention" });
  await approval.getByLabel("Reason").fill("The contract asks for it.");
  await approval.getByRole("button", { name: "Approve request" }).click();
  await expect(approval).toBeHidden();
  expect((await ask(owner.secret)).headers.get("x-content-retention")).toBe("none");

  await expect(async () => {
    await page.reload();
    await expect(card(page).getByText("Active", { exact: true })).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 120_000 });
  const evidence = card(page).getByRole("list", { name: "Evidence" });
  for (const step of ["Requests under way have ended", "What was stored is deleted", "A check found nothing"])
    await expect(evidence.getByText(step).first()).toBeVisible();
  await expect(page.getByText("Nothing of this workspace is kept")).toBeVisible();
  await openLetter(page, owner.email, "Zero retention is active");
});

test("help-zdr 41, T-4.2.2.2-ZDR3, T-4.2.2.2-ZDR5: denied with a reason, asked for again, granted, and ended by the customer", async ({
  page,
  as,
}) => {
  const name = `Second Thoughts ${Date.now()}`;
  const owner = await newOwner(page, name);
  await request(page, owner.privacy);
  const staff = await as("support");
  await openAtDesk(staff, name);
  await staff.getByRole("button", { name: "Deny…" }).click();
  const denial = staff.getByRole("dialog", { name: "Deny zero retention" });
  await denial.getByLabel("Reason").fill("Name the contract that asks for it.");
  await denial.getByRole("button", { name: "Deny request" }).click();
  await expect(denial).toBeHidden();
  await openLetter(page, owner.email, "Your request for zero retention is denied");

  await visit(page, owner.privacy);
  await expect(card(page).getByText("Name the contract that asks for it.")).toBeVisible();
  await request(page, owner.privacy);
  await visit(staff, "/staff/zero-retention");
  await staff.getByRole("link", { name }).first().click();
  await staff.getByRole("button", { name: "Take into review" }).click();
  await staff.getByRole("button", { name: "Approve…" }).click();
  const approval = staff.getByRole("dialog", { name: "Approve zero retention" });
  await approval.getByLabel("Reason").fill("The contract is named now.");
  await approval.getByRole("button", { name: "Approve request" }).click();
  await expect(approval).toBeHidden();

  const first = card(page).first();
  await expect(async () => {
    await page.reload();
    await expect(first.getByText("Active", { exact: true })).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 120_000 });
  await first.getByRole("button", { name: "End zero retention" }).click();
  const end = page.getByRole("dialog", { name: "End zero retention" });
  await end.getByRole("button", { name: "End zero retention" }).click();
  await expect(end).toBeHidden();
  await expect(first.getByText("Ended", { exact: true }).first()).toBeVisible();
  expect((await ask(owner.secret)).headers.get("x-content-retention")).toBe("30d");
  await openLetter(page, owner.email, "Zero retention has ended");
});
