import { demoAccounts } from "#db/seed/demo.ts";
import { enter, fillSignUp, goodPassword, keep, newEmail, resetPassword, roles, signIn, upgrade } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { admin } from "./server.ts";

test("somebody new has an organization of their own", async ({ page }) => {
  const email = newEmail();
  await page.goto("/sign-up");
  await fillSignUp(page, email);
  await page.getByRole("checkbox", { name: /I agree/ }).check();
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  await page.getByRole("button", { name: "Confirm and sign in" }).click();
  await page.waitForURL(/\/ws_\w+\/home$/);
  const home = page.url();
  // Tests ask more than once a second for this organization.
  await visit(page, home.replace(/home$/, "limits"));
  await upgrade(page);
  await keep("founder", page, home, email);
});

test("T-3-CLICK: whom the operator gives an organization is asked to agree before entering it", async ({ page }) => {
  const email = newEmail();
  await admin("organization", "create", "--name", "Harbour Foods", "--owner-email", email);
  await resetPassword(page, email, goodPassword);
  await signIn(page, email, goodPassword);
  await page.waitForURL(/\/welcome\?workspace=ws_\w+$/);
  await expect(page.getByRole("checkbox", { name: /I agree/ })).not.toBeChecked();
  await keep("invited", page, page.url(), email);
});

for (const role of roles.filter((role) => role !== "founder" && role !== "invited")) {
  test(`${role} of the demo world can sign in`, async ({ page }) => {
    const account = demoAccounts.find(({ email }) => email === `${role}@example.com`);
    if (!account) throw new Error(`There is no demo account for ${role}.`);
    const home = await enter(page, account.email, account.password);
    expect(home).toMatch(/\/(ws_\w+\/home|staff|staff\/billing)$/);
    await keep(role, page, home);
  });
}
