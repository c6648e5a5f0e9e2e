import { askToSignUp, goodPassword, linkOfLetter, newEmail, resetPassword, signIn, signUp } from "./accounts.ts";
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

test("a letter opened in another browser asks for the password of the sign-up, or for a new one that ends it", async ({
  as,
}) => {
  const [email, chosen] = [newEmail(), "harvest copper willow 79"];
  const stranger = await as("visitor");
  await askToSignUp(stranger, email);
  const owner = await as("visitor");
  await owner.goto(await linkOfLetter(owner, email, /^Confirm your e-mail address/, /\/confirm\?token=/));
  await owner.getByLabel("Password", { exact: true }).fill("not what the stranger chose");
  await owner.getByRole("button", { name: "Confirm and sign in" }).click();
  await expect(owner.getByText("This is not the password of the sign-up.")).toBeVisible();
  await owner.getByRole("button", { name: "Confirm and choose a password" }).click();
  await owner.getByLabel("New password").fill(chosen);
  await owner.getByRole("button", { name: "Set password" }).click();
  await expect(owner.getByText("Your new password is set.")).toBeVisible();
  await signIn(owner, email, chosen);
  await owner.waitForURL(/\/ws_\w+\/home$/);

  await stranger.goto("/sign-in");
  await stranger.getByLabel("E-mail").fill(email);
  await stranger.getByLabel("Password", { exact: true }).fill(goodPassword);
  await stranger.getByRole("button", { name: "Sign in" }).click();
  await expect(stranger.getByText("The e-mail address or the password is wrong.")).toBeVisible();
});
