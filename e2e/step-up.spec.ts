import type { Page } from "@playwright/test";
import { makePayable, signUp } from "./accounts.ts";
import { ageProofs } from "./database.ts";
import { addApp, codeOf } from "./factors.ts";
import { expect, test, visit } from "./fixtures.ts";
import { createKey } from "./keys.ts";

test.describe.configure({ timeout: 120_000 });

const asked = (page: Page) => page.getByRole("dialog", { name: "Is it you?" });

async function giveKey(page: Page, workspace: string) {
  await createKey(page, workspace, "billing-service");
  await page.getByRole("button", { name: "Revoke key" }).click();
  return page.getByRole("dialog", { name: /^Revoke/ });
}

test("ten minutes after signing in, revoking a key asks who it is first, and then does it", async ({ as }) => {
  const page = await as("visitor");
  const { email, password, workspace } = await signUp(page);
  const dialog = await giveKey(page, workspace);
  await ageProofs(email);
  await dialog.getByRole("button", { name: "Revoke key" }).click();
  await expect(asked(page)).toContainText("Sign in again to end an API key");
  await asked(page).getByLabel("Password", { exact: true }).fill("not the password");
  await asked(page).getByRole("button", { name: "Confirm" }).click();
  await expect(asked(page).getByText("This is not your password.")).toBeVisible();
  await asked(page).getByLabel("Password", { exact: true }).fill(password);
  await asked(page).getByRole("button", { name: "Confirm" }).click();
  await expect(asked(page)).toBeHidden();
  await expect(page.getByText("Revoked", { exact: true }).first()).toBeVisible();
});

test("a fresh sign-in is not asked again, and the person who gives up changes nothing", async ({ as }) => {
  const page = await as("visitor");
  const { email, workspace } = await signUp(page);
  const dialog = await giveKey(page, workspace);
  await ageProofs(email);
  await dialog.getByRole("button", { name: "Revoke key" }).click();
  await asked(page).getByRole("button", { name: "Cancel" }).click();
  await expect(dialog.getByText(/Sign in again to end an API key/)).toBeVisible();
  await page.reload();
  await expect(page.getByText("Active", { exact: true }).first()).toBeVisible();
  // As long ago as that, and into the future again: it is recent once more.
  await ageProofs(email, -11);
  await page.getByRole("button", { name: "Revoke key" }).click();
  await dialog.getByRole("button", { name: "Revoke key" }).click();
  await expect(page.getByText("Revoked", { exact: true }).first()).toBeVisible();
});

test("raising a limit asks, with what was typed kept; lowering one never does", async ({ as, faults }) => {
  // The meter asks every few seconds; on its way while a person shows who they are, it still carries the former session.
  faults.allow(/401 \(Unauthorized\).*\/limits\/live/);
  const page = await as("visitor");
  const { email, password, workspace } = await signUp(page);
  await visit(page, `${workspace}/limits`);
  await makePayable(page);
  await ageProofs(email);
  await page.getByRole("button", { name: "Upgrade to paid" }).click();
  await page
    .getByRole("dialog", { name: "Upgrade to the paid plan" })
    .getByRole("button", { name: "Upgrade to paid" })
    .click();
  await asked(page).getByLabel("Password", { exact: true }).fill(password);
  await asked(page).getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { name: "Plan: Paid" })).toBeVisible();
  await visit(page, `${workspace}/limits`);

  const form = page.getByRole("form", { name: /^Workspace/ });
  const field = form.getByRole("textbox", { name: "Monthly limit in euros" });
  const save = async (amount: string) => {
    await field.fill(amount);
    await form.getByRole("button", { name: "Save limit" }).click();
  };
  await ageProofs(email);
  await save("100");
  await expect(form.getByText("Saved. It counts from the next request on.")).toBeVisible();
  await save("50");
  await expect(form.getByText("Saved. It counts from the next request on.")).toBeVisible();
  await save("120");
  await expect(asked(page)).toContainText("raise or remove a spend limit");
  await asked(page).getByRole("button", { name: "Cancel" }).click();
  await expect(field).toHaveValue("120");
  await form.getByRole("button", { name: "Save limit" }).click();
  await asked(page).getByLabel("Password", { exact: true }).fill(password);
  await asked(page).getByRole("button", { name: "Confirm" }).click();
  await expect(form.getByText("Saved. It counts from the next request on.")).toBeVisible();
  await page.reload();
  await expect(field).toHaveValue("120.00");
});

test("the person who has an app shows it with a code, and goes on in a new session", async ({ as }) => {
  const page = await as("visitor");
  const { email, workspace } = await signUp(page);
  const { secret } = await addApp(page);
  const session = async () =>
    (await page.context().cookies()).find(({ name }) => name.endsWith("session-token"))?.value;
  const before = await session();
  await ageProofs(email);
  await visit(page, "/account");
  await page.getByRole("button", { name: "Make new codes" }).click();
  await page
    .getByRole("dialog", { name: "Make new recovery codes" })
    .getByRole("button", { name: "Make new codes" })
    .click();
  await asked(page).getByLabel("Code from your app").fill(codeOf(secret, 1));
  await asked(page).getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("dialog", { name: "Your recovery codes" })).toBeVisible();
  expect(await session()).not.toBe(before);
  await page.getByRole("button", { name: "I have stored them" }).click();
  await page.goto(`${workspace}/keys`);
  await expect(page.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
});
