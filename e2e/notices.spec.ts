import type { Locator, Page } from "@playwright/test";
import { newEmail, openLetter, signUp } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { giveReason } from "./looks.ts";
import { admin } from "./server.ts";

const notices = (page: Page): Locator => page.getByRole("link", { name: /^Notices/ });

/** Names another contact on the page of settings. */
async function nameContact(page: Page, workspace: string, email: string): Promise<void> {
  await visit(page, `${workspace}/organization/settings`);
  const form = page.getByRole("form", { name: "Registration contact" });
  await form.getByLabel("New address").fill(email);
  await form.getByRole("button", { name: "Send confirmation letter" }).click();
  await expect(page.getByText(`${email} has not answered yet`)).toBeVisible();
}

/** The id of the newest letter of a kind to an address, as the demo's outbox has it. */
async function letterTo(page: Page, email: string, subject: string | RegExp): Promise<string> {
  await openLetter(page, email, subject);
  return new URL(page.url()).pathname.split("/").at(-1) ?? "";
}

test("T-4.2.1-DISC3: a new contact counts once it has answered; the old one is told, and reads it in the console", async ({
  page,
  as,
}) => {
  const { workspace, email } = await signUp(page);
  const contact = newEmail();
  await nameContact(page, workspace, contact);
  await page.reload();
  await expect(notices(page)).toHaveText("Notices1 unread");
  await notices(page).click();
  await page.waitForURL("/account/notices");
  const inbox = page.getByRole("table", { name: "Notices" });
  await expect(inbox.getByRole("row", { name: /A new contact was named/ })).toContainText("Unread");

  const reader = await as("visitor");
  await openLetter(reader, contact, /^Confirm this address/);
  await reader.getByRole("link", { name: /\/contact\?token=/ }).click();
  await reader.getByRole("button", { name: "Confirm address" }).click();
  await expect(reader.getByText("Confirmed. Notices about the contract come to this address")).toBeVisible();

  await page.goto(`${workspace}/organization/settings`);
  await expect(page.getByRole("definition").filter({ hasText: contact })).toBeVisible();
  await expect(notices(page)).toHaveText("Notices2 unread");
  await visit(page, "/account/notices");
  await inbox.getByRole("link", { name: /go to another address now/ }).click();
  await expect(
    page.getByText(`From now on, notices about the contract of Quist Bakeries go to ${contact}`),
  ).toBeVisible();
  await page.reload();
  await expect(notices(page)).toHaveText("Notices1 unread");
  await visit(page, "/account/notices");
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect(page.getByRole("button", { name: "Mark all as read" })).toHaveCount(0);
  await expect(inbox.getByText("Unread")).toHaveCount(0);
  await openLetter(page, email, /go to another address now/);
  await expect(page.getByText("Opened in the console")).toBeVisible();
});

test("T-4.2.1-DISC3: a contact that bounces is said on every page, and staff see to what it missed", async ({
  page,
  as,
}) => {
  const { workspace, email } = await signUp(page);
  await nameContact(page, workspace, newEmail());
  const letter = await letterTo(page, email, /A new contact was named/);
  await admin("notice", "bounce", "--letter", letter, "--reason", "550 No such mailbox");
  await page.goto(`${workspace}/home`);
  const banner = page.getByRole("region", { name: "Registration contact" });
  await expect(banner).toContainText(`Letters to ${email} come back`);
  await banner.getByRole("link", { name: "Change contact" }).click();
  await expect(page.getByText("550 No such mailbox")).toBeVisible();

  const staff = await as("support");
  await visit(staff, "/staff/notices?show=undelivered");
  await staff.locator(`a[href$="${letter}"]`).click();
  await giveReason(staff, "A notice about their contact came back.", "A letter to the customer did not arrive");
  await expect(staff.getByText("Bounced", { exact: true }).first()).toBeVisible();
  await staff.getByRole("button", { name: "Send again…" }).click();
  await staff.getByRole("dialog").getByRole("button", { name: "Send letter" }).click();
  await expect(staff.getByText("This letter did not arrive")).toHaveCount(0);
  await staff.goto("/staff/notices?show=undelivered");
  await expect(staff.locator(`a[href$="${letter}"]`)).toHaveCount(0);
});

test("a person chooses which notices come as e-mail; a forged link to end them changes nothing", async ({
  page,
  as,
}) => {
  await signUp(page);
  await visit(page, "/account/notices");
  const warning = page.getByRole("checkbox", { name: "A warning step of a spend limit is reached" });
  await expect(warning).toBeChecked();
  await warning.uncheck();
  await page.getByRole("button", { name: "Save choice" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.reload();
  await expect(warning).not.toBeChecked();
  await expect(page.getByRole("checkbox", { name: "A spend limit is reached and requests" })).toBeChecked();

  const stranger = await as("visitor");
  const answer = await stranger.request.post("/api/unsubscribe?code=usr_x~limits.alert~nothing");
  expect(answer.status()).toBe(400);
  await visit(stranger, "/api/unsubscribe?code=usr_x~limits.alert~nothing");
  await expect(stranger).toHaveURL(/\/unsubscribe\?code=/);
  await stranger.getByRole("button", { name: "End these e-mails" }).click();
  await expect(stranger.getByText("This link is not one of ours.")).toBeVisible();
});
