import { workspaceOf } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";

test("without network a form keeps the page and what was typed, says that nothing was saved, and saves on Retry", async ({
  as,
  faults,
}) => {
  faults.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load resource/);
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/organization/groups`);
  await page.getByRole("button", { name: "Create group" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").first().fill("Night shift");
  await page.context().setOffline(true);
  await dialog.getByRole("button", { name: "Create group" }).click();
  await expect(dialog.getByRole("alert")).toContainText("You are offline. Nothing was saved.");
  await expect(dialog.getByRole("textbox").first()).toHaveValue("Night shift");
  await page.context().setOffline(false);
  await dialog.getByRole("button", { name: "Retry" }).click();
  await expect(page.getByRole("heading", { name: "Night shift" })).toBeVisible();
});
