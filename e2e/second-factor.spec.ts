import type { Page } from "@playwright/test";
import { newEmail, signIn, signUp } from "./accounts.ts";
import { addApp, addDevice, codeOf, signOut, storeCodes } from "./factors.ts";
import { expect, test, visit } from "./fixtures.ts";
import { admin, serverUrl } from "./server.ts";

test.describe.configure({ timeout: 120_000 });

async function hasLetter(page: Page, recipient: string, subject: string): Promise<void> {
  await page.goto(`/demo/outbox?recipient=${encodeURIComponent(recipient)}`);
  await expect(page.getByRole("link", { name: subject })).not.toHaveCount(0);
}

test("an app is asked for after the password, each code opens once, and a recovery code in its place as well", async ({
  as,
}) => {
  const mine = await as("visitor");
  const { email, password, workspace } = await signUp(mine);
  const { secret, codes } = await addApp(mine);
  const factors = mine.getByRole("table", { name: "Second factors" });
  await expect(factors.getByRole("row", { name: /Telephone/ })).toContainText("Authenticator app");
  await expect(mine.getByText("Recovery codes: 10 left")).toBeVisible();

  const second = await as("visitor");
  await signIn(second, email, password);
  await second.waitForURL(/\/sign-in\/second-factor$/);
  // Half signed in opens nothing else.
  for (const address of [`${workspace}/keys`, "/account"]) {
    await second.goto(address);
    await second.waitForURL(/\/sign-in\?/);
  }
  await second.goto("/sign-in/second-factor");
  const code = second.getByLabel("Code from your app");
  await code.fill(codeOf(secret, -4));
  await second.getByRole("button", { name: "Sign in" }).click();
  await expect(second.getByText(/This code is wrong, or was used already/)).toBeVisible();
  const next = codeOf(secret, 1);
  await code.fill(next);
  await second.getByRole("button", { name: "Sign in" }).click();
  await second.waitForURL(`${workspace}/home`);

  const third = await as("visitor");
  await signIn(third, email, password);
  await third.getByLabel("Code from your app").fill(next);
  await third.getByRole("button", { name: "Sign in" }).click();
  await expect(third.getByText(/This code is wrong, or was used already/)).toBeVisible();
  await third.getByRole("link", { name: "Recovery code" }).click();
  await third.getByLabel("Recovery code").fill(codes[0] ?? "");
  await third.getByRole("button", { name: "Sign in" }).click();
  await third.waitForURL(`${workspace}/home`);

  const fourth = await as("visitor");
  await signIn(fourth, email, password);
  await fourth.getByRole("link", { name: "Recovery code" }).click();
  await fourth.getByLabel("Recovery code").fill(codes[0] ?? "");
  await fourth.getByRole("button", { name: "Sign in" }).click();
  await expect(fourth.getByText("This code is wrong, or was used already.")).toBeVisible();

  await hasLetter(fourth, email, "A new sign-in to your account");
  await hasLetter(fourth, email, "A recovery code was used");
  await mine.reload();
  await expect(mine.getByText("Recovery codes: 9 left")).toBeVisible();
});

test("a passkey signs in alone, and as the second factor; without the check of who uses it, it opens nothing", async ({
  as,
}) => {
  const page = await as("visitor");
  const device = await addDevice(page);
  const { email, password, workspace } = await signUp(page);
  await visit(page, "/account");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a passkey" });
  await dialog.getByLabel("Name").fill("This laptop");
  await dialog.getByRole("button", { name: "Continue in the browser" }).click();
  await storeCodes(page);
  await expect(page.getByRole("table", { name: "Second factors" })).toContainText("This laptop");

  await signOut(page);
  await visit(page, "/sign-in");
  await device.verifies(false);
  await page.getByRole("button", { name: "Continue with a passkey" }).click();
  await expect(page.getByText("The browser gave no passkey.")).toBeVisible();
  await device.verifies(true);
  await page.getByRole("button", { name: "Continue with a passkey" }).click();
  await page.waitForURL(`${workspace}/home`);

  await signOut(page);
  await signIn(page, email, password);
  await page.waitForURL(/\/sign-in\/second-factor$/);
  await page.getByRole("button", { name: "Continue with a passkey" }).click();
  await page.waitForURL(`${workspace}/home`);

  // Removing the last one leaves the password alone.
  await visit(page, "/account");
  await page
    .getByRole("row", { name: /This laptop/ })
    .getByRole("button", { name: "Remove" })
    .click();
  await page.getByRole("button", { name: "Remove passkey" }).click();
  await expect(page.getByText("No second factor yet")).toBeVisible();
  await signOut(page);
  await signIn(page, email, password);
  await page.waitForURL(`${workspace}/home`);
});

test("an organization that requires a second factor lets no one in without; a colleague joins by the domain, and adds one", async ({
  as,
  faults,
}) => {
  // The browser asks for it between two pages that lead on to a third.
  faults.allow(/favicon\.ico/);
  const boss = await as("visitor");
  const { workspace } = await signUp(boss);
  await visit(boss, `${workspace}/organization/settings`);
  await expect(boss.getByText("You need one yourself first")).toBeVisible();
  await expect(boss.getByRole("button", { name: "Require it" })).toHaveCount(0);
  const organizationId = await boss.getByText(/^org_\w+$/).textContent();
  await addApp(boss);
  await visit(boss, `${workspace}/organization/settings`);
  await boss.getByRole("button", { name: "Require it" }).click();
  await boss.getByRole("button", { name: "Require second factor" }).click();
  await expect(boss.getByText("Required", { exact: true })).toBeVisible();

  const domain = newEmail().replace("@example.com", ".example");
  await boss.getByRole("textbox", { name: "Domain" }).fill("gmail.com");
  await boss.getByRole("button", { name: "Add domain" }).click();
  await expect(boss.getByText("Anybody can have an address there.")).toBeVisible();
  await boss.getByRole("textbox", { name: "Domain" }).fill(domain);
  await boss.getByRole("button", { name: "Add domain" }).click();
  const entry = boss.getByRole("region", { name: domain });
  await expect(entry).toContainText(`_comptoir-domain.${domain}`);
  await admin("domain", "verify", "--organization", organizationId ?? "", "--domain", domain);
  await boss.reload();
  await expect(entry.getByText("Proven", { exact: true })).toBeVisible();
  await entry.getByRole("radio", { name: /People may join/ }).check();
  await entry.getByLabel("What they are in the default workspace").selectOption("dev");
  await entry.getByRole("button", { name: "Save joining" }).click();
  await expect(entry.getByText("Saved.")).toBeVisible();

  const colleague = await as("visitor");
  await signUp(colleague, `ada@${domain}`);
  await visit(colleague, "/account");
  await colleague.getByRole("button", { name: /^Join/ }).click();
  await colleague.waitForURL(/\/account\?for=ws_/);
  await expect(colleague.getByText("This organization asks its members for a second factor")).toBeVisible();
  // Not as a page, not as what the router asks for, and not as a file.
  for (const [path, headers] of [
    ["/keys", {}],
    ["/keys", { rsc: "1" }],
    ["/usage/csv", {}],
  ] as const) {
    const answer = await colleague.request.get(`${serverUrl}${workspace}${path}`, { headers, maxRedirects: 0 });
    expect(await answer.text(), path).not.toContain("API keys give programs");
    expect(answer.status(), path).not.toBe(200);
  }
  await addApp(colleague);
  await colleague.getByRole("link", { name: "Go on to the workspace" }).click();
  await colleague.waitForURL(/\/welcome\?workspace=/);
  await colleague.getByRole("checkbox", { name: /I agree/ }).check();
  await colleague.getByRole("button", { name: "Continue" }).click();
  await colleague.waitForURL(`${workspace}/home`);
  await expect(colleague.getByRole("link", { name: "API keys", exact: true })).toBeVisible();
});

test("the person who lost device and codes gets back in when the operator has taken the factors away", async ({
  as,
}) => {
  const page = await as("visitor");
  const { email, password, workspace } = await signUp(page);
  await addApp(page);
  await admin("user", "reset-second-factor", "--email", email);
  await page.goto(`${workspace}/keys`);
  await page.waitForURL(/\/sign-in\?/);
  await signIn(page, email, password);
  await page.waitForURL(`${workspace}/home`);
  await hasLetter(page, email, "Your second factors were taken away");
});

test("cookies are kept from scripts and other sites, and each sign-in is a new session", async ({ as }) => {
  const page = await as("visitor");
  const { email, password, workspace } = await signUp(page);
  const session = async () =>
    (await page.context().cookies()).find(({ name }) => name.endsWith("authjs.session-token"));
  for (const cookie of await page.context().cookies()) {
    if (!/authjs|comptoir/.test(cookie.name)) continue;
    expect(cookie, cookie.name).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  }
  const before = await session();
  const thief = await as("visitor");
  await thief.context().addCookies(await page.context().cookies());
  await visit(page, `${workspace}/home`);
  await signOut(page);
  // A session a person planted before is not the one that signing in opens.
  await page.context().addCookies(before ? [before] : []);
  await signIn(page, email, password);
  await page.waitForURL(`${workspace}/home`);
  expect((await session())?.value).not.toBe(before?.value);
  await thief.goto(`${workspace}/keys`);
  await thief.waitForURL(/\/sign-in\?/);
});
