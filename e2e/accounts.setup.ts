import { demoAccounts } from "#db/seed/demo.ts";
import { goodPassword, keep, newEmail, resetPassword, roles, signIn, signUp, upgrade } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { admin } from "./server.ts";

test("somebody new has an organization of their own", async ({ page }) => {
  const { workspace, email } = await signUp(page);
  // Tests ask more than once a second for this organization.
  await visit(page, `${workspace}/limits`);
  await upgrade(page);
  await page.goto(`${workspace}/home`);
  await keep("founder", page, email);
});

test("T-3-CLICK: whom the operator gives an organization is asked to agree before entering it", async ({ page }) => {
  const email = newEmail();
  await admin("organization", "create", "--name", "Harbour Foods", "--owner-email", email);
  await resetPassword(page, email, goodPassword);
  await signIn(page, email, goodPassword);
  await page.waitForURL(/\/welcome\?workspace=ws_\w+$/);
  await expect(page.getByRole("checkbox", { name: /I agree/ })).not.toBeChecked();
  await keep("invited", page, email);
});

for (const role of roles.filter((role) => role !== "founder" && role !== "invited")) {
  test(`${role} of the demo world can sign in`, async ({ page }) => {
    const account = demoAccounts.find(({ email }) => email === `${role}@example.com`);
    if (!account) throw new Error(`There is no demo account for ${role}.`);
    await signIn(page, account.email, account.password);
    await page.waitForURL(/\/(ws_\w+\/home|staff\/notices|staff\/rates)$/);
    await keep(role, page);
  });
}
