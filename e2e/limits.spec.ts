import type { Page } from "@playwright/test";
import { type Role, workspaceOf } from "./accounts.ts";
import { barriers } from "./barriers.ts";
import { expect, test, visit } from "./fixtures.ts";
import { admin } from "./server.ts";

// The demo's second workspace: a limit that stops the first would stop what other tests do there.
test.describe.configure({ mode: "serial" });

const banner = "Spend limit reached";

/** The address of the demo's workspace for research, as the switcher knows it. */
async function research(page: Page, role: Role): Promise<string> {
  await visit(page, `${workspaceOf(role)}/home`);
  await page.getByRole("button", { name: /Switch workspace/ }).click();
  const href = await page.getByRole("link", { name: "Research" }).getAttribute("href");
  return (href ?? "").replace(/\/home$/, "");
}

const limitForm = (page: Page, name: string) => page.getByRole("form", { name });

test("T-4.2.2.2-LIM2: a limit below what is spent is saved by keyboard, after saying so, and every page says that it is reached", async ({
  as,
}) => {
  const page = await as("owner");
  const workspace = await research(page, "owner");
  // A world that was used before may have a limit left over.
  await admin("limit", "set", "--scope", "workspace", "--id", workspace.slice(1), "--none");
  await visit(page, `${workspace}/limits`);
  const form = limitForm(page, "Workspace Research");
  await expect(form.getByText("No limit: nothing stops spending here.")).toBeVisible();

  const field = form.getByRole("textbox", { name: "Monthly limit in euros" });
  await field.focus();
  await page.keyboard.type("0,001");
  await expect(
    form.getByText(/€0\.\d\d is already spent: requests will be refused until 1 \w+ or a raise\./),
  ).toBeVisible();
  await expect(page.getByRole("region", { name: banner })).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(form.getByText("Saved. It counts from the next request on.")).toBeVisible();
  await expect(form.getByText("Limit reached", { exact: true })).toBeVisible();

  for (const section of ["home", "keys", "usage", "logs", "models", "playground", "limits"]) {
    await page.goto(`${workspace}/${section}`);
    await expect(page.getByRole("region", { name: banner }), section).toContainText(
      "Requests are refused: this workspace has reached its spend limit",
    );
  }
  expect(await barriers(page)).toEqual([]);

  await page.goto(`${workspace}/home`);
  await page.getByRole("link", { name: "Raise limit" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(`${workspace}/limits#workspace`);
  await expect(page.getByRole("link", { name: /^Limits \d+ % spent/ })).toBeVisible();
});

test("T-4.2.2.2-LIM2: a member is told that requests are refused and who can raise the limit, and no amounts", async ({
  as,
}) => {
  const page = await as("member");
  const workspace = await research(page, "member");
  await page.goto(`${workspace}/playground`);
  const said = page.getByRole("region", { name: banner });
  await expect(said).toContainText("Aino Salmi, Ilse Brandt or Tomás Rey can raise it.");
  await expect(said).not.toContainText("€");
  await expect(said.getByRole("link")).toHaveCount(0);
  await page.goto(`${workspace}/limits`);
  await expect(page.getByText("You may not see limits")).toBeVisible();
});

test("T-4.2.2.2-LIM2: a limit that is reached meanwhile is said on the way to the next page, without a reload", async ({
  as,
}) => {
  const page = await as("owner");
  const workspace = await research(page, "owner");
  const set = (...words: string[]) =>
    admin("limit", "set", "--scope", "workspace", "--id", workspace.slice(1), ...words);
  await set("--none");
  await page.clock.install();
  await visit(page, `${workspace}/home`);
  await expect(page.getByRole("region", { name: banner })).toHaveCount(0);
  await set("--euros", "0.001", "--alerts", "90,100");
  await page.clock.fastForward("01:01");
  await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Models" }).click();
  await page.waitForURL(`${workspace}/models`);
  await expect(page.getByRole("region", { name: banner })).toBeVisible();
});

test("a developer sees the limits and who can change them, and changes those of their own keys", async ({ as }) => {
  const page = await as("dev");
  const workspace = await research(page, "dev");
  await visit(page, `${workspace}/limits`);
  await expect(page.getByText("Aino Salmi, Ilse Brandt or Tomás Rey can change it.")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Save limit" })).toHaveCount(0);

  const change = page.getByRole("button", { name: "Set the monthly limit of notebooks" });
  await change.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Monthly limit of notebooks" });
  await expect(dialog.getByRole("textbox", { name: "Monthly limit in euros" })).toBeFocused();
  await page.keyboard.type("1,000");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("This could be a thousand or a fraction")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("25");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("row", { name: /notebooks/ })).toContainText("of €25.00");

  await page.getByRole("link", { name: "notebooks" }).click();
  await page.waitForURL(/\/keys\/key_\w+#limits$/);
  const form = limitForm(page, "Monthly limit");
  await form.getByRole("button", { name: "Remove limit…" }).click();
  await expect(form.getByText("No limit: nothing stops spending here.")).toBeVisible();
  await form.getByRole("button", { name: "Remove limit", exact: true }).click();
  await expect(form.getByText("Saved. It counts from the next request on.")).toBeVisible();
  await expect(form.getByText("No limit", { exact: true })).toBeVisible();
});

test("T-4.2.2.2-LIM1: a billing manager raises what stops a workspace, and sets the organization's limit above it", async ({
  as,
}) => {
  const page = await as("billing");
  const workspace = await research(page, "billing");
  await visit(page, `${workspace}/limits`);
  const organization = limitForm(page, "Organization Lindenhof Labs");
  const whole = organization.getByRole("textbox", { name: "Monthly limit in euros" });
  await whole.fill("40.00");
  await whole.press("Enter");
  await expect(organization.getByText("Saved.")).toBeVisible();

  const form = limitForm(page, "Workspace Research");
  const field = form.getByRole("textbox", { name: "Monthly limit in euros" });
  await field.fill("40.01");
  await expect(form.getByText("The organization's limit is €40.00; a workspace cannot have more.")).toBeVisible();
  await field.press("Enter");
  await expect(form.getByText("At most €40.00, the organization's limit.", { exact: true })).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("40.01");
  await field.fill("40");
  await field.press("Enter");
  await expect(form.getByText("Saved.")).toBeVisible();
  await expect(page.getByRole("region", { name: banner })).toHaveCount(0);

  await whole.fill("10");
  await whole.press("Enter");
  await expect(
    organization.getByText("Lower than the limit of Research: this one stops requests first."),
  ).toBeVisible();
  await expect(
    form.getByText("The organization's limit of €10.00 is lower, so it stops requests first."),
  ).toBeVisible();
  await field.fill("");
  await expect(
    form.getByText("No limit of its own: only the organization's, €10.00, stops spending here."),
  ).toBeVisible();
  await form.getByRole("button", { name: "Remove limit", exact: true }).click();
  await expect(form.getByText("No limit", { exact: true })).toBeVisible();
});

test("T-4.2.2.2-LIM3: the steps of letters are changed beside the limit, and nonsense is refused", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/limits`);
  const form = limitForm(page, "Workspace Production");
  const steps = form.getByRole("textbox", { name: "Letters at, in per cent" });
  await steps.fill("50, 180");
  await steps.press("Enter");
  await expect(form.getByText("Write up to six whole per cents from 1 to 100, such as 50, 80, 100.")).toBeVisible();
  await steps.fill("60 90 100");
  await steps.press("Enter");
  await expect(form.getByText("Saved.")).toBeVisible();
  await page.reload();
  await expect(steps).toHaveValue("60, 90, 100");
});

test("a key can be made with a limit", async ({ as }) => {
  const page = await as("founder");
  const name = `limited-${Date.now()}`;
  await visit(page, `${workspaceOf("founder")}/keys?create=1`);
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("textbox", { name: "Monthly limit in euros" }).fill("2.50");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: `${name} is ready` });
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(page.getByRole("row", { name })).toContainText("€0.00 of €2.50");
});
