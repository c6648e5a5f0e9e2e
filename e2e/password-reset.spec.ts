import { resetPassword, signIn, signUp } from "./accounts.ts";
import { expect, test } from "./fixtures.ts";

test("a new password comes by letter, signs out every browser, and its link works once", async ({ as }) => {
  test.setTimeout(120_000);
  const first = await as("visitor");
  const { email, password, workspace } = await signUp(first);
  await first.goto(`${workspace}/home`);
  const second = await as("visitor");
  await signIn(second, email, password);

  const forgetful = await as("visitor");
  const link = await resetPassword(forgetful, email, "harvest copper willow 77");

  for (const page of [first, second]) {
    await page.getByRole("link", { name: "Usage", exact: true }).click();
    await page.waitForURL(/\/sign-in\?/);
    await page.goto(`${workspace}/keys`);
    await page.waitForURL(/\/sign-in\?/);
  }

  await forgetful.getByLabel("E-mail").fill(email);
  await forgetful.getByLabel("Password", { exact: true }).fill(password);
  await forgetful.getByRole("button", { name: "Sign in" }).click();
  await expect(forgetful.getByText("The e-mail address or the password is wrong.")).toBeVisible();
  await signIn(forgetful, email, "harvest copper willow 77");
  await forgetful.waitForURL(`${workspace}/home`);

  await first.goto(link);
  await first.getByLabel("New password").fill("another copper willow 78");
  await first.getByRole("button", { name: "Set password" }).click();
  await expect(first.getByRole("alert").first()).toContainText(/link/i);
  await expect(first).toHaveURL(/\/reset-password/);
});
