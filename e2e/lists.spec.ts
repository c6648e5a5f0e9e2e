import type { Page } from "@playwright/test";
import { signUp } from "./accounts.ts";
import { addKeys, addMembers } from "./database.ts";
import { expect, test, visit } from "./fixtures.ts";

const rowsOf = (page: Page, table: string) =>
  page.getByRole("table", { name: table }).locator("tbody").getByRole("row");
const namesOf = (page: Page, table: string) =>
  page.getByRole("table", { name: table }).getByRole("rowheader").getByRole("link");
const asked = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

test("a list of 220 keys is searched, sorted, paged and cleared, by keys alone as well, and is rows on a phone", async ({
  page,
}) => {
  const { workspace } = await signUp(page);
  await addKeys(workspace.slice(1), 220);
  await visit(page, `${workspace}/keys`);
  const names = namesOf(page, "API keys");
  await expect(rowsOf(page, "API keys")).toHaveCount(50);
  await expect(page.getByText("1–50 of 220")).toBeVisible();

  // Search as you type, from the keyboard, in the address, one step back.
  await page.keyboard.press("/");
  const search = page.getByRole("searchbox", { name: "Name, owner or end of the key" });
  await expect(search).toBeFocused();
  await page.keyboard.type("batch-011");
  await expect(names).toHaveCount(10);
  await expect(search).toBeFocused();
  expect(asked(page, "q")).toBe("batch-011");
  await search.fill("100%");
  await expect(page.getByRole("heading", { name: "No API keys match" })).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).click();
  await page.waitForURL(/\/keys$/);
  await expect(search).toHaveValue("");
  await expect(page.getByText("1–50 of 220")).toBeVisible();

  // Sorting and pages, to the end and back, after a reload as well.
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/sort=name/);
  await expect(page.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");
  await expect(names.first()).toHaveText("batch-0001");
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page.getByText("51–100 of 220")).toBeVisible();
  await expect(names.first()).toHaveText("batch-0051");
  await page.reload();
  await expect(names.first()).toHaveText("batch-0051");
  await page.getByRole("link", { name: "Previous" }).click();
  await expect(page.getByText("1–50 of 220")).toBeVisible();
  await expect(names.first()).toHaveText("batch-0001");
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await page.waitForURL(/sort=-name/);
  await expect(names.first()).toHaveText("batch-0220");

  // A filter applies when it is chosen, and begins at the first page.
  await page.getByLabel("Status").selectOption("Revoked");
  await page.waitForURL(/state=revoked/);
  await expect(page.getByRole("heading", { name: "No API keys match" })).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel("Status")).toHaveValue("");
  await expect(names.first()).toHaveText("batch-0220");

  await page.setViewportSize({ width: 390, height: 844 });
  const row = rowsOf(page, "API keys").first();
  for (const field of ["Key", "Created by", "Created", "Last used", "This month", "Status"]) {
    await expect(row.locator(`td[data-label="${field}"]`)).toBeVisible();
  }
  await page.getByLabel("Sort").selectOption("By name");
  await expect(names.first()).toHaveText("batch-0001");
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
});

test("keys that are ticked are revoked together, after the dialog says how many and what stops", async ({ page }) => {
  const { workspace } = await signUp(page);
  await addKeys(workspace.slice(1), 3);
  await visit(page, `${workspace}/keys`);
  await page.getByRole("checkbox", { name: "Select batch-0001" }).check();
  await page.getByRole("checkbox", { name: "Select batch-0003" }).check();
  await expect(page.getByText("2 selected")).toBeVisible();
  await page.getByRole("button", { name: "Revoke 2 keys" }).click();
  const dialog = page.getByRole("dialog", { name: "Revoke 2 keys" });
  await expect(dialog).toContainText("fail at once");
  await dialog.getByRole("button", { name: "Revoke 2 keys" }).click();
  await expect(dialog).toBeHidden();
  await expect(rowsOf(page, "API keys").filter({ hasText: "Revoked" })).toHaveCount(2);
  await expect(page.getByText("2 selected")).toHaveCount(0);
  await expect(page.getByRole("checkbox", { name: "Select all rows of this page" })).not.toBeChecked();
});

test("among many keys one is found by typing, to filter the log with", async ({ page }) => {
  const { workspace } = await signUp(page);
  await addKeys(workspace.slice(1), 220);
  await visit(page, `${workspace}/logs?outcome=answered`);
  await page.getByRole("combobox", { name: "Key" }).click();
  await page.getByRole("combobox", { name: "Search: key" }).fill("batch-0217");
  await page.getByRole("option", { name: "batch-0217 …0217" }).click();
  await page.waitForURL(/key=key_0+217/);
  expect(asked(page, "outcome")).toBe("answered");
  await expect(page.getByRole("combobox", { name: "Key" })).toContainText("batch-0217");
  await page.getByRole("combobox", { name: "Key" }).click();
  await page.getByRole("option", { name: "All keys" }).click();
  await page.waitForURL((url) => !url.searchParams.has("key"));
});

test("members work the same way, and their address alone says what is listed", async ({ page }) => {
  const { workspace } = await signUp(page);
  await addMembers(workspace.slice(1), 210);
  await visit(page, `${workspace}/organization/members`);
  await expect(page.getByText("1–50 of 211")).toBeVisible();
  await page.getByRole("searchbox", { name: "Name or e-mail" }).pressSequentially("crowd 020");
  await expect(namesOf(page, "Members")).toHaveCount(10);
  await page.getByRole("columnheader", { name: "E-mail" }).getByRole("link").click();
  await page.waitForURL(/q=crowd\+020&sort=email/);

  // What a form without JavaScript would send, empty fields and all.
  const html = await (
    await page.request.get(`${workspace}/organization/members?q=crowd+01&role=&workspace=&sort=-name`)
  ).text();
  expect(html).toContain("1–50 of 100");
  expect(html.indexOf("Crowd 0199")).toBeLessThan(html.indexOf("Crowd 0150"));
  expect(html).not.toContain("Crowd 0149");
});

test("a person is found among 1,200, whatever their place in the alphabet, on a page and in a dialog", async ({
  page,
}) => {
  const { workspace } = await signUp(page);
  await addMembers(workspace.slice(1), 1200);
  const choose = async (name: string) => {
    await page.getByRole("combobox", { name: "Person" }).click();
    await page.getByRole("combobox", { name: "Search: person" }).fill(name);
    await page.getByRole("option", { name }).click();
    await expect(page.getByRole("combobox", { name: "Person" })).toContainText(name);
  };
  await visit(page, `${workspace}/agents/view-as`);
  await expect(page.getByText("Nadia Quist sees no agents here")).toBeVisible();
  await choose("Crowd 1150");
  await page.getByRole("button", { name: "View" }).click();
  await expect(page.getByText("Crowd 1150 sees no agents here")).toBeVisible();

  await visit(page, `${workspace}/organization/groups?create=1`);
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("Night shift");
  await page.getByRole("dialog").getByRole("button", { name: "Create group" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Night shift" })).toBeVisible();
  await page.getByRole("button", { name: "Add person" }).click();
  await choose("Crowd 1199");
  await page.getByRole("dialog").getByRole("button", { name: "Add person" }).click();
  await expect(page.getByRole("link", { name: "Crowd 1199" })).toBeVisible();
});
