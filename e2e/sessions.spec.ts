import { demoAccounts } from "#db/seed/demo.ts";
import { enter, signIn, signUp } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";

test("a browser signed out from another one is at the sign-in on its next click", async ({ as }) => {
  const mine = await as("visitor");
  const { email, password, workspace } = await signUp(mine);
  const lost = await as("visitor");
  await signIn(lost, email, password);
  await lost.waitForURL(`${workspace}/home`);

  await mine.goto("/account");
  const sessions = mine.getByRole("table", { name: "Where you are signed in" });
  await expect(sessions.getByRole("row", { name: /This browser/ })).toHaveCount(1);
  await sessions.getByRole("button", { name: /^Sign out/ }).click();
  await expect(sessions.getByRole("button", { name: /^Sign out/ })).toHaveCount(0);

  await lost.getByRole("link", { name: "API keys", exact: true }).click();
  await lost.waitForURL(/\/sign-in\?/);
  await expect(lost.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await mine.goto(`${workspace}/keys`);
  await expect(mine.getByRole("heading", { level: 1, name: "API keys" })).toBeVisible();
});

test("signing out ends the session itself, not only the cookie", async ({ as }) => {
  const page = await as("visitor");
  const { workspace } = await signUp(page);
  await visit(page, `${workspace}/home`);
  const cookies = await page.context().cookies();
  await page.getByRole("button", { name: /Account and appearance/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
  const thief = await as("visitor");
  await thief.context().addCookies(cookies);
  await thief.goto(`${workspace}/keys`);
  await thief.waitForURL(/\/sign-in\?/);
});

test("staff sign out at their desk, and the session of it opens no desk any more", async ({ as }) => {
  const account = demoAccounts.find(({ email }) => email === "support@example.com");
  if (!account) throw new Error("There is no demo account for support.");
  const page = await as("visitor");
  await page.goto(await enter(page, account.email, account.password));
  await expect(page.getByRole("link", { name: "Outbox", exact: true })).toBeVisible();
  const cookies = await page.context().cookies();
  await page.getByRole("button", { name: /Account and appearance/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
  const thief = await as("visitor");
  await thief.context().addCookies(cookies);
  for (const browser of [page, thief]) {
    await browser.goto("/staff/notices");
    await browser.waitForURL(/\/sign-in\?/);
  }
});
