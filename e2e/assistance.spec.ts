import type { Locator, Page } from "@playwright/test";
import { newEmail, openLetter, signUp } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { admin, serverUrl } from "./server.ts";

test.describe.configure({ timeout: 180_000 });

const purpose = "Find the lines that make the training of their model fail.";
const lineCount = 120;

/** Uploads a file of numbered lines with a key of the workspace, as a program does. */
async function upload(workspace: string, name: string): Promise<void> {
  const named = ["--workspace", workspace.slice(1), "--name", "upload", "--scopes", "files:write"];
  const { secret } = await admin<{ secret: string }>("key", "create", ...named);
  const lines = Array.from({ length: lineCount }, (_, number) => `{"text":"Sentence number ${number + 1}."}\n`);
  const body = new FormData();
  body.set("purpose", "fine-tune");
  body.set("file", new Blob(lines), name);
  const headers = { authorization: `Bearer ${secret}` };
  const answer = await fetch(`${serverUrl}/v1/files`, { method: "POST", headers, body });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ filename: name, num_lines: lineCount });
}

/** Asks for assistance in writing, in a ticket. */
async function ask(page: Page, workspace: string): Promise<void> {
  await visit(page, `${workspace}/help/new/assistance`);
  await page.getByLabel("Subject").fill("Our training fails");
  await page.getByLabel("Dataset").fill("sentences.jsonl");
  await page.getByLabel(/^What you want us to look at/).fill("Half of the lines are refused, and we do not see why.");
  await page.getByRole("button", { name: "Open ticket" }).click();
  await page.waitForURL(/\/help\/tkt_\w+$/);
}

/** The customer's card of the assistance. */
const card = (page: Page): Locator =>
  page.locator("section").filter({ has: page.getByRole("heading", { name: /^Assistance T-\d+$/ }) });

async function openDesk(staff: Page, name: string): Promise<void> {
  await visit(staff, "/staff/assistance");
  await staff.getByRole("link", { name }).click();
  await expect(staff.getByRole("heading", { name, level: 1 })).toBeVisible();
}

/** Approves the request, and offers to read it for a week. */
async function approveAndOffer(staff: Page): Promise<void> {
  await staff.getByRole("button", { name: "Approve…" }).click();
  const approval = staff.getByRole("dialog", { name: /^Approve the request of/ });
  await approval.getByRole("button", { name: "Approve request" }).click();
  await expect(approval).toBeHidden();
  await staff.getByRole("button", { name: "Offer…" }).click();
  const offer = staff.getByRole("dialog", { name: /^Offer assistance to/ });
  await offer.getByLabel("Purpose").fill(purpose);
  await offer.getByRole("button", { name: "Send offer" }).click();
  await expect(offer.getByText("Choose at least one person.")).toBeVisible();
  await offer.getByLabel("Noor Haddad").check();
  await offer.getByRole("button", { name: "Send offer" }).click();
  await expect(offer).toBeHidden();
  await expect(staff.getByText("Waits for the customer").first()).toBeVisible();
}

test("help-zdr 43 (T-4.2.3-ASSIST): asked for, approved, offered, agreed to, read page by page while the customer watches, and ended", async ({
  page,
  as,
}) => {
  const name = `Sentence Works ${Date.now()}`;
  const { email, workspace } = await signUp(page, newEmail(), name);
  const privacy = `${workspace}/organization/privacy/staff-access`;
  await upload(workspace, "sentences.jsonl");
  await visit(page, privacy);
  await expect(page.getByText("No one of our staff can read your files")).toBeVisible();
  await ask(page, workspace);

  const staff = await as("support");
  await openDesk(staff, name);
  await approveAndOffer(staff);
  await expect(staff.getByRole("button", { name: "Unlock…" })).toHaveCount(0);

  await openLetter(page, email, "We can help with your files, if you agree");
  await visit(page, privacy);
  await expect(card(page).getByText(purpose)).toBeVisible();
  await card(page).getByRole("button", { name: "Agree…" }).click();
  const agreement = page.getByRole("dialog", { name: "Let our staff read files" });
  await agreement.getByRole("button", { name: "Agree", exact: true }).click();
  await expect(agreement.getByText("Choose at least one file.")).toBeVisible();
  await agreement.getByLabel("sentences.jsonl").check();
  await agreement.getByLabel("For how many days").fill("3");
  await agreement.getByRole("button", { name: "Agree", exact: true }).click();
  await expect(agreement).toBeHidden();
  await expect(card(page).getByText("Live. Nothing was read yet.")).toBeVisible();

  await staff.reload();
  await staff.getByRole("button", { name: "Unlock…" }).click();
  const unlocking = staff.getByRole("dialog", { name: "Repeat the purpose" });
  await unlocking.getByLabel("Purpose").fill("To look around.");
  await unlocking.getByRole("button", { name: "Unlock for two hours" }).click();
  await expect(unlocking.getByText(/Repeat the purpose as the customer agreed/).first()).toBeVisible();
  await unlocking.getByLabel("Purpose").fill(purpose);
  await unlocking.getByRole("button", { name: "Unlock for two hours" }).click();
  await expect(unlocking).toBeHidden();
  await staff.getByRole("button", { name: "Read from the start" }).click();
  const lines = staff.getByRole("list", { name: "Lines" });
  await expect(lines.getByText('{"text":"Sentence number 1."}')).toBeVisible();
  await expect(lines.getByRole("listitem")).toHaveCount(50);

  // The customer's page has not been touched meanwhile.
  const reads = page.getByRole("table", { name: "What our staff read" });
  await expect(reads.getByRole("row").filter({ hasText: "1–50" })).toContainText("Noor Haddad");
  await staff.getByRole("button", { name: "Next page" }).click();
  await expect(lines.getByText('{"text":"Sentence number 51."}')).toBeVisible();
  await expect(reads.getByRole("row").filter({ hasText: "51–100" })).toBeVisible();
  await expect(card(page).getByText("Live. 2 pages were read.")).toBeVisible();
  await visit(page, `${workspace}/organization/audit`);
  await expect(
    page
      .getByRole("row")
      .filter({ hasText: /read by our staff/i })
      .first(),
  ).toBeVisible();
  await openLetter(page, email, "Our staff opened files you let them read");

  await visit(page, privacy);
  await card(page).getByRole("button", { name: "End access" }).click();
  const ending = page.getByRole("dialog", { name: "End the access of our staff" });
  await ending.getByRole("button", { name: "End access" }).click();
  await expect(ending).toBeHidden();
  await expect(card(page).getByText("Ended", { exact: true }).first()).toBeVisible();
  await staff.getByRole("button", { name: "Next page" }).click();
  await expect(staff.getByText("The customer's agreement has ended.")).toBeVisible();
  await expect(staff.getByText('{"text":"Sentence number 101."}')).toHaveCount(0);
  await openLetter(page, email, "Our staff cannot read your files any more");
});

test("T-4.2.3-ASSIST: what staff decline has a reason, and the desk fits a phone", async ({ page, as }) => {
  const name = `Declined Works ${Date.now()}`;
  const { workspace } = await signUp(page, newEmail(), name);
  await ask(page, workspace);
  const staff = await as("support");
  await staff.setViewportSize({ width: 390, height: 844 });
  await openDesk(staff, name);
  await staff.getByRole("button", { name: "Decline…" }).click();
  const decline = staff.getByRole("dialog", { name: /^Decline the request of/ });
  await decline.getByLabel("Reason").fill("We do not look at data about health.");
  await decline.getByRole("button", { name: "Decline request" }).click();
  await expect(decline).toBeHidden();
  const wide = await staff.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(wide).toBe(false);
  await visit(page, `${workspace}/organization/privacy/staff-access`);
  await expect(card(page).getByText("We do not look at data about health.")).toBeVisible();
});
