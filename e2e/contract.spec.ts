import { readFile } from "node:fs/promises";
import { stateOf, workspaceOf } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { serverUrl } from "./server.ts";

const address = (role: "owner" | "billing"): string => `${workspaceOf(role)}/organization/contract`;

test("contract 3: the live agreement has all 71 clauses, what needs an act first, and as files", async ({ as }) => {
  const page = await as("owner");
  await visit(page, address("owner"));
  const clauses = page.getByRole("table", { name: "Clauses of the terms" });
  await expect(clauses.locator("tbody > tr")).toHaveCount(71);
  await expect(page.getByRole("table", { name: "Documents in force" })).toContainText(/version \d/);
  await expect(page.getByRole("table", { name: "Contractual values" })).toContainText("T-5.2-DISP");
  await page.getByRole("link", { name: /^Needs an act/ }).click();
  await page.waitForURL(/show=needs-me/);
  expect(await clauses.locator("tbody > tr").count()).toBeLessThan(71);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download JSON" }).click(),
  ]);
  const rows = JSON.parse(await readFile(await file.path(), "utf8"));
  expect(rows).toHaveLength(71);
  expect(rows[0]).toMatchObject({ clause: "T-PRE-1", binds: "provider" });
});

test("contract 3: without scripts and on a phone every clause opens to its rule; a billing manager reads it too", async ({
  as,
  browser,
  extraHTTPHeaders,
}) => {
  const phone = { width: 390, height: 844 };
  const headers = { ...(extraHTTPHeaders && { extraHTTPHeaders }) };
  const storageState = stateOf("owner");
  const asked = { baseURL: serverUrl, javaScriptEnabled: false, storageState, viewport: phone };
  const context = await browser.newContext({ ...asked, ...headers });
  const plain = await context.newPage();
  await plain.goto(address("owner"));
  const row = plain.getByRole("row").filter({ hasText: "T-4.2.1-DISC3" });
  await row.getByText("T-4.2.1-DISC3").click();
  await expect(row).toContainText("Notices go to the address given at registration");
  expect(await plain.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(phone.width);
  await context.close();
  const page = await as("billing");
  await visit(page, address("billing"));
  await expect(page.getByRole("heading", { level: 1, name: "Your agreement, live" })).toBeVisible();
});
