import type { Page } from "@playwright/test";
import { workspaceOf } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { secretIn } from "./keys.ts";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const palette = (page: Page) => page.getByRole("dialog", { name: "Search or jump to" });

test("the first stop of Tab skips to the content", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/usage`);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Download CSV" })).toBeFocused();
});

test("Ctrl K and a few letters go anywhere, and Escape gives the focus back", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/home`);
  const opener = page.getByRole("button", { name: /Search or jump to/ });
  await opener.focus();
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
  await expect(opener).toBeFocused();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("usa");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/usage$/);
  await expect(palette(page)).toBeHidden();
});

test("g and a letter go to a section", async ({ as }) => {
  const page = await as("owner");
  const workspace = workspaceOf("owner");
  await visit(page, `${workspace}/home`);
  for (const [letter, section] of Object.entries({ l: "logs", u: "usage", m: "models", k: "keys", h: "home" })) {
    await page.keyboard.press("g");
    await page.keyboard.press(letter);
    await page.waitForURL(`${workspace}/${section}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
});

test("letters are only shortcuts where no one types", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/playground`);
  const field = page.getByLabel("Your message");
  await field.click();
  await page.keyboard.type("gu?c/");
  await expect(field).toHaveValue("gu?c/");
  await expect(page).toHaveURL(/\/playground$/);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("? lists the shortcuts, / goes to the filter", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/logs`);
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await expect(help).toContainText("Go to Usage");
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: "End user or request id" })).toBeFocused();
});

test("c opens the dialog that creates a key, and Escape gives the focus back to its button", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/keys`);
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: "Create key" });
  await expect(dialog.getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page).toHaveURL(/\/keys$/);
  await expect(page.getByRole("button", { name: "Create key" })).toBeFocused();
});

test("a dialog gives the focus back to what opened it", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/keys`);
  await page.getByRole("link", { name: "checkout-backend", exact: true }).click();
  for (const name of ["Revoke key", "Report as leaked"]) {
    const opener = page.getByRole("button", { name });
    await opener.click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toBeHidden();
    await expect(opener).toBeFocused();
  }
});

test("T-4.2.1-KEY1: a new key stays on the screen until it is copied", async ({ as }) => {
  const page = await as("founder");
  const name = `held-${Date.now()}`;
  await visit(page, `${workspaceOf("founder")}/keys`);
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: `${name} is ready` });
  const secret = await secretIn(dialog);
  await expect(dialog.getByRole("textbox", { name: "Key" })).toBeFocused();
  // Browsers let a second Escape through what refused the first.
  for (const _ of [1, 2, 3]) await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  await page.goBack();
  await expect(dialog).toBeVisible();
  expect(await secretIn(dialog)).toBe(secret);
  await expect(dialog.getByRole("button", { name: "Close" })).toHaveCount(0);

  await dialog.getByRole("button", { name: "Copy key" }).click();
  await expect(dialog.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(await page.content()).not.toContain(secret.slice(8, -4));
});

test("over plain http, where no page may write to the clipboard, what is selected is copied", async ({ as }) => {
  const page = await as("owner");
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "clipboard", { value: undefined }));
  await visit(page, `${workspaceOf("owner")}/models`);
  expect(await page.evaluate(() => navigator.clipboard)).toBeUndefined();
  const button = page.getByRole("button", { name: "Copy model id" });
  const entry = page.getByRole("definition").filter({ has: button }).first();
  const copy = entry.getByRole("button");
  await copy.click();
  await expect(entry.getByText("Copied", { exact: true })).toBeVisible();
  await expect(copy).toBeFocused();
  const id = await entry.locator("code").innerText();
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Control+v");
  await expect(palette(page).getByRole("combobox")).toHaveValue(id);
});
