import { signUp } from "./accounts.ts";
import { payFor } from "./database.ts";
import { expect, test, visit } from "./fixtures.ts";
import { ask, createKey, statusOf } from "./keys.ts";

test("a workspace is made in the switcher, renamed, archived with what stops, and restored; its key follows within a second", async ({
  as,
  faults,
}) => {
  const page = await as("visitor");
  const { workspace: first } = await signUp(page);
  await payFor(first.slice(1));
  await visit(page, `${first}/home`);
  await page.getByRole("button", { name: /Switch workspace/ }).click();
  await page.getByRole("link", { name: "Create workspace" }).click();
  const dialog = page.getByRole("dialog", { name: "Create workspace" });
  await dialog.getByLabel("Name").fill("Default");
  await dialog.getByRole("button", { name: "Create workspace" }).click();
  await expect(dialog.getByText("Another workspace has this name.")).toBeVisible();
  await dialog.getByLabel("Name").fill("Research");
  await dialog.getByRole("button", { name: "Create workspace" }).click();
  await page.waitForURL((url) => /\/ws_\w+\/home$/.test(url.pathname) && !url.pathname.startsWith(first));
  const workspace = new URL(page.url()).pathname.replace(/\/home$/, "");
  const secret = await createKey(page, workspace, "scheduler");
  expect(await statusOf(secret)).toBe(200);

  await visit(page, `${workspace}/organization/workspaces`);
  await page.getByRole("link", { name: "Research" }).last().click();
  await page.getByLabel("Name").fill("Laboratory");
  await page.getByRole("button", { name: "Save name" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Laboratory" })).toBeVisible();

  await page.getByRole("button", { name: "Archive workspace" }).click();
  const archive = page.getByRole("dialog", { name: "Archive Laboratory" });
  await expect(archive).toContainText("1 API key is refused at once");
  await expect(archive).toContainText("1 person loses its pages");
  await archive.getByRole("button", { name: "Archive workspace" }).click();
  await expect.poll(() => statusOf(secret), { timeout: 1000, intervals: [50] }).toBe(401);
  expect(await (await ask(secret)).text()).toContain("workspace is archived. An organization admin can restore it");
  await page.waitForURL(`${first}/organization/workspaces`);
  await expect(page.getByRole("row", { name: /Laboratory/ })).toContainText("Archived");
  faults.allow(/404 \(Not Found\)/);
  expect((await page.goto(`${workspace}/keys`))?.status()).toBe(404);

  await visit(page, `${first}/organization/workspaces`);
  await page.getByRole("link", { name: "Laboratory" }).click();
  await page.getByRole("button", { name: "Restore workspace" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore workspace" }).click();
  await expect(page.getByRole("button", { name: "Archive workspace" })).toBeVisible();
  await expect.poll(() => statusOf(secret), { timeout: 1000, intervals: [50] }).toBe(200);

  await visit(page, `${first}/organization/workspaces`);
  await page.getByRole("table").getByRole("link", { name: "Default" }).click();
  await expect(page.getByText("an organization always has one, so it cannot be archived")).toBeVisible();
  await expect(page.getByRole("button", { name: "Archive workspace" })).toHaveCount(0);
});

test("a person founds a second organization from the switcher, and renames it", async ({ as }) => {
  const page = await as("visitor");
  const { workspace: first } = await signUp(page);
  await visit(page, `${first}/home`);
  await page.getByRole("button", { name: /Switch workspace/ }).click();
  await page.getByRole("link", { name: "Create organization" }).click();
  await page.getByLabel("Organization").fill("Night Ferry");
  await page.getByRole("checkbox", { name: /I agree/ }).check();
  await page.getByRole("button", { name: "Create organization" }).click();
  await page.waitForURL((url) => /\/ws_\w+\/home$/.test(url.pathname) && !url.pathname.startsWith(first));
  const second = new URL(page.url()).pathname.replace(/\/home$/, "");
  await visit(page, `${second}/organization/settings`);
  await page.getByLabel("Name").fill("Day Ferry");
  await page.getByRole("button", { name: "Save name" }).click();
  const switcher = page.getByRole("button", { name: /Switch workspace/ });
  await expect(switcher).toContainText("Day Ferry");
  await switcher.click();
  // First the workspace of this organization, then that of the other.
  await page.getByRole("link", { name: "Default" }).nth(1).click();
  await page.waitForURL(`${first}/organization/settings`);
  await expect(page.getByLabel("Name")).toHaveValue("Quist Bakeries");
});
