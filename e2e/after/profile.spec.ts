import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { newEmail, signUp } from "#e2e/accounts.ts";
import { payFor } from "#e2e/database.ts";
import { expect, test, visit } from "#e2e/fixtures.ts";
import { serverUrl } from "#e2e/server.ts";
import { Canaries, search } from "./canaries.ts";

test.describe.configure({ timeout: 180_000 });

const patient = expect.configure({ timeout: 30_000 });

test("help-zdr 16, T-4.2.2.2-ZDR4: of what people type, sent or not, a browser keeps nothing on its disk", async ({
  launchOptions,
  playwright,
}) => {
  const isWhole = /chromium$|chrome$/i.test(launchOptions.executablePath ?? "");
  const since = new Date(Date.now() - 1000);
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "profile-"));
  const typed = new Canaries();
  const control = new Canaries();
  const said = () => `What is ${typed.next()}?`;
  const context = await playwright.chromium.launchPersistentContext(profile, {
    ...launchOptions,
    baseURL: serverUrl,
    extraHTTPHeaders: { "x-forwarded-for": "10.200.0.16" },
  });
  try {
    const [page = await context.newPage()] = context.pages();
    const { workspace } = await signUp(page, newEmail(), "Quiet Browser");
    await payFor(workspace.slice(1));

    await visit(page, `${workspace}/playground`);
    await page.getByLabel("System prompt").fill(said());
    await page.getByLabel("Your message").fill(said());
    await page.keyboard.press("Enter");
    await patient(page.getByText(/^\d+ tokens in, \d+ out$/)).toBeVisible();
    await page.getByLabel("Your message").fill(said());

    await visit(page, `${workspace}/agents`);
    await page.keyboard.press("c");
    await page.getByRole("dialog", { name: "Create agent" }).getByLabel("Name").fill("Planner");
    await page.keyboard.press("Enter");
    await patient(page.getByRole("heading", { level: 1, name: "Planner" })).toBeVisible();
    await page.getByLabel("Instructions").fill(said());
    await page.getByLabel("Message to the draft").fill(said());
    await page.getByLabel("Message to the draft").press("Enter");
    await patient(page.getByText("Draft saved.")).toBeVisible();
    await page.getByLabel("Message to the draft").fill(said());

    await visit(page, `${workspace}/chat`);
    await page.getByRole("checkbox", { name: /I agree/ }).check();
    await page.getByRole("button", { name: "Continue" }).click();
    const field = page.getByLabel("Your message", { exact: true });
    await field.fill(said());
    await field.press("Enter");
    await page.waitForURL(/\/chat\/conv_[0-9a-f]{32}$/);
    await patient(page.getByText(/^\d+ tokens in, \d+ out$/)).toBeVisible();
    await page.reload();
    await field.fill(said());

    await visit(page, `${workspace}/help`);
    await page.getByRole("link", { name: "Open a ticket" }).first().click();
    await page.getByRole("link", { name: "Question", exact: true }).click();
    await page.getByLabel("Subject").fill("Something");
    await page.getByLabel("Your question").fill(said());

    // A field that a browser does keep.
    await page.route("**/control", (route) =>
      route.fulfill({ contentType: "text/html", body: "<textarea></textarea>" }),
    );
    await page.goto("/control");
    await page.getByRole("textbox").fill(control.next());
    await page.goto("/status");
  } finally {
    await context.close();
  }
  const { files, found } = search([profile], { typed, control }, since);
  fs.rmSync(profile, { recursive: true, force: true });
  expect(files).toBeGreaterThan(10);
  expect(found.typed).toEqual([]);
  // A browser without windows has no sessions to come back to.
  if (isWhole) expect(found.control).not.toEqual([]);
});
