import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fillSignUp, newEmail, openLetter } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { secretIn } from "./keys.ts";
import { serverUrl } from "./server.ts";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test("from signing up to a first answer that is counted and priced", async ({ page }) => {
  test.setTimeout(120_000);
  const email = newEmail();

  await test.step("T-3-CLICK: without a tick there is no account", async () => {
    await visit(page, "/sign-up");
    await fillSignUp(page, email);
    const agree = page.getByRole("checkbox", { name: /I agree to the terms/ });
    await expect(agree).not.toBeChecked();
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByText("Tick the box if you agree. Without agreement there is no account.")).toBeVisible();
    await expect(agree).toBeFocused();
    await expect(page.getByLabel("E-mail")).toHaveValue(email);
    await agree.check();
    await page.getByLabel("Password", { exact: true }).fill("lantern orchard velvet 41");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  });

  await test.step("the letter's link confirms the address and signs in", async () => {
    await openLetter(page, email, /^Confirm your e-mail address/);
    await page.getByRole("link", { name: /\/confirm\?token=/ }).click();
    await page.getByRole("button", { name: "Confirm and sign in" }).click();
    await page.waitForURL(/\/ws_\w+\/home$/);
    await expect(page.getByRole("heading", { name: "Your first answer" })).toBeVisible();
    await expect(page.getByText("1 of 3")).toBeVisible();
  });
  const workspace = new URL(page.url()).pathname.replace(/\/home$/, "");

  const { secret, snippet } = await test.step("the first key is shown until it is copied", async () => {
    await page.getByRole("link", { name: "Create the first key" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("first-program");
    await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
    const dialog = page.getByRole("dialog", { name: "first-program is ready" });
    const secret = await secretIn(dialog);
    await page.keyboard.press("Escape");
    await expect(dialog).toBeVisible();
    await dialog.getByRole("button", { name: "Copy key" }).click();
    await expect(dialog.getByRole("button", { name: "Copied" })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    const snippet = (await dialog.locator("pre", { hasText: "curl " }).textContent()) ?? "";
    await dialog.getByRole("button", { name: "I have stored it" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText("2 of 3")).toBeVisible();
    return { secret, snippet };
  });

  await test.step("T-4.2.1-KEY5: the snippet takes the key from the environment, and works as it is", async () => {
    expect(snippet).toContain("$COMPTOIR_API_KEY");
    expect(snippet).not.toContain("cpt_");
    expect(snippet).toContain(`${serverUrl}/v1/chat/completions`);
    const env = { ...process.env, COMPTOIR_API_KEY: secret };
    const { stdout } = await promisify(execFile)("bash", ["-c", snippet], { env });
    const answer = JSON.parse(stdout) as { choices: { message: { content: string } }[]; usage: object };
    expect(answer.choices[0]?.message.content).toMatch(/\w/);
    expect(answer.usage).toMatchObject({ prompt_tokens: expect.any(Number) });
  });

  await test.step("the request is in the usage and in the log, and the free plan pays nothing for it", async () => {
    const price = "€0.00";
    await expect(async () => {
      await page.goto(`${workspace}/usage?by=key`);
      const row = page.getByRole("table", { name: "Usage by key" }).getByRole("row", { name: /first-program/ });
      await expect(row.getByRole("cell").first()).toHaveText("1", { timeout: 1000 });
      await expect(row.locator('[data-label="Cost"]')).toHaveText(price);
    }).toPass();
    await page.getByRole("link", { name: "Logs", exact: true }).click();
    const row = page.getByRole("table", { name: "Requests" }).getByRole("row", { name: /first-program/ });
    await expect(row).toContainText("Answered");
    await expect(row.getByRole("cell").nth(3)).toHaveText(price);
    await row.getByRole("link").click();
    await expect(page.getByText(/^curl\//)).toBeVisible();
  });
});
