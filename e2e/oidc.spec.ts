import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { newEmail, signIn, signUp } from "./accounts.ts";
import { ageProofs } from "./database.ts";
import { addApp, codeOf } from "./factors.ts";
import { type IdentityProvider, identityProvider } from "./identity-provider.ts";
import { createKey } from "./keys.ts";
import { launch, ready, type ServerProcess, stop } from "./operations/server-process.ts";

// One server of their own, which knows one identity provider.
test.describe.configure({ mode: "serial", timeout: 120_000 });

let provider: IdentityProvider;
let server: ServerProcess;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  provider = await identityProvider();
  server = await launch({
    env: {
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: provider.client.id,
      OIDC_CLIENT_SECRET: provider.client.secret,
      OIDC_NAME: "Example ID",
    },
  });
  await provider.serve(`${server.url}/api/auth/callback/oidc`);
  await ready(server);
});

test.afterAll(async () => {
  await stop(server);
  provider.stop();
});

const open = async (browser: Browser): Promise<Page> => (await browser.newContext({ baseURL: server.url })).newPage();

const operate = (...words: string[]) => {
  const { DATABASE_URL: _unset, ...env } = process.env;
  const root = path.resolve(import.meta.dirname, "..");
  return promisify(execFile)(process.execPath, ["server/run.mjs", "admin", ...words], {
    cwd: root,
    env: { ...env, DATA_DIR: server.folder },
  });
};

function somebody(email: string, isConfirmed = true): string {
  const sub = `sub-${provider.people.size + 1}`;
  provider.people.set(sub, { email, email_verified: isConfirmed, name: "Odile Voss" });
  return sub;
}

/** Goes to the provider, says there who one is, agrees, and comes back. */
async function signInThere(page: Page, sub: string): Promise<void> {
  await goThere(page, sub);
  await page.waitForURL((url) => url.href.startsWith(server.url));
}

async function goThere(page: Page, sub: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Continue with Example ID" }).click();
  await answerThere(page, sub);
}

async function answerThere(page: Page, sub: string): Promise<void> {
  await page.waitForURL(new RegExp(`^${provider.issuer}/interaction/`));
  await page.locator("input[name=login]").fill(sub);
  await page.locator("input[name=password]").fill("anything");
  await page.getByRole("button").first().click();
  await expect(page.locator("input[name=login]")).toHaveCount(0);
  await page
    .locator("input[value=consent]")
    .or(page.locator(`a[href^="/"], h1`))
    .filter({ visible: true })
    .first()
    .waitFor();
  if ((await page.locator("input[value=consent]").count()) > 0) await page.getByRole("button").first().click();
}

test("a person with a confirmed address gets an account; the way there carries state, nonce and a proof of the code", async ({
  browser,
}) => {
  const page = await open(browser);
  await signInThere(page, somebody(newEmail()));
  await page.waitForURL(/\/welcome/);
  await expect(page.getByRole("heading", { name: "Name your organization" })).toBeVisible();
  const asked = provider.asked.at(-1)?.searchParams;
  expect(asked?.get("code_challenge_method")).toBe("S256");
  for (const name of ["code_challenge", "state", "nonce"]) expect(asked?.get(name)?.length, name).toBeGreaterThan(20);

  const cookies = await page.context().cookies(server.url);
  expect(cookies.filter(({ name }) => name.endsWith("session-token"))).toMatchObject([
    { httpOnly: true, sameSite: "Lax" },
  ]);
});

test("an answer that was meant for another browser opens nothing", async ({ browser }) => {
  const mallory = await open(browser);
  const withheld = provider.withhold();
  await goThere(mallory, somebody(newEmail()));
  const stolen = await withheld;
  expect(stolen).toContain("code=");
  const victim = await open(browser);
  await victim.goto(stolen);
  await expect(victim.getByText("The sign-in did not work. Try again.")).toBeVisible();
  await victim.goto("/account");
  await victim.waitForURL(/\/sign-in\?/);
});

test("an address the provider did not confirm opens no one's account and makes none", async ({ browser }) => {
  const owner = await open(browser);
  const { email } = await signUp(owner);
  for (const address of [email, newEmail()]) {
    const page = await open(browser);
    await signInThere(page, somebody(address, false));
    await page.waitForURL(/\/sign-in\?error=unconfirmed_identity/);
    await expect(page.getByText("The provider did not confirm your e-mail address")).toBeVisible();
    await page.goto("/account");
    await page.waitForURL(/\/sign-in\?/);
  }
});

test("a confirmed address is linked to its account, which stays the same when the address changes there; signing out ends it", async ({
  browser,
}) => {
  const { email, password, workspace } = await signUp(await open(browser));
  const sub = somebody(email);
  const page = await open(browser);
  await signInThere(page, sub);
  await page.waitForURL(`${workspace}/home`);
  await page.goto(`/demo/outbox?recipient=${encodeURIComponent(email)}`);
  await expect(page.getByRole("link", { name: "Your account can now be opened with Example ID" })).toBeVisible();

  provider.people.set(sub, { email: newEmail(), email_verified: false, name: "Renamed" });
  const later = await open(browser);
  await signInThere(later, sub);
  await later.waitForURL(`${workspace}/home`);
  const cookies = await later.context().cookies(server.url);
  await later.getByRole("button", { name: /Account and appearance/ }).click();
  await later.getByRole("button", { name: "Sign out" }).click();
  await later.waitForURL(/\/sign-in/);
  await later.context().addCookies(cookies);
  await later.goto(`${workspace}/keys`);
  await later.waitForURL(/\/sign-in\?/);
  await signIn(later, email, password);
  await later.waitForURL(`${workspace}/home`);
});

test("the person who has a second factor is asked for it behind this door too, and then comes to where they were going", async ({
  browser,
}) => {
  const mine = await open(browser);
  const { email } = await signUp(mine);
  const { secret } = await addApp(mine);
  const page = await open(browser);
  await page.goto("/account");
  await page.waitForURL(/\/sign-in\?next=/);
  await page.getByRole("button", { name: "Continue with Example ID" }).click();
  await answerThere(page, somebody(email));
  await page.waitForURL(/\/sign-in\/second-factor/);
  await page.getByLabel("Code from your app").fill(codeOf(secret, 1));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/account$/);
});

test("people of a proven domain are members at once where the organization says so", async ({ browser }) => {
  const boss = await open(browser);
  const { workspace } = await signUp(boss);
  await boss.goto(`${workspace}/organization/settings`);
  const organization = (await boss.getByText(/^org_\w+$/).textContent()) ?? "";
  const domain = newEmail().replace("@example.com", ".example");
  await operate("domain", "verify", "--organization", organization, "--domain", domain);
  await boss.reload();
  await boss.getByRole("radio", { name: /People join by themselves/ }).check();
  await boss.getByRole("button", { name: "Save joining" }).click();
  await expect(boss.getByText("Saved.")).toBeVisible();
  const page = await open(browser);
  await signInThere(page, somebody(`odile@${domain}`));
  await page.waitForURL(`/welcome?workspace=${workspace.slice(1)}`);
});

test("a person without a password signs in again at the provider, in another tab, and the form goes on", async ({
  browser,
}) => {
  const page = await open(browser);
  const email = newEmail();
  const sub = somebody(email);
  await signInThere(page, sub);
  await page.getByLabel("Organization").fill("Voss & Daughters");
  await page.getByRole("checkbox", { name: /I agree/ }).check();
  await page.getByRole("button", { name: /organization/i }).click();
  await page.waitForURL(/\/ws_\w+\/home$/);
  await createKey(page, new URL(page.url()).pathname.replace(/\/home$/, ""), "mailer");
  await ageProofs(email, 11, server.folder);
  await page.getByRole("button", { name: "Revoke key" }).click();
  await page
    .getByRole("dialog", { name: /^Revoke/ })
    .getByRole("button", { name: "Revoke key" })
    .click();
  const asked = page.getByRole("dialog", { name: "Is it you?" });
  const opened = page.context().waitForEvent("page");
  await asked.getByRole("link", { name: /Sign in again with Example ID/ }).click();
  const tab = await opened;
  await answerThere(tab, sub);
  await expect(tab.getByText("You have signed in again.")).toBeVisible();
  expect(provider.asked.at(-1)?.searchParams.get("prompt")).toBe("login");
  await asked.getByRole("button", { name: "I have signed in again" }).click();
  await expect(page.getByText("Revoked", { exact: true }).first()).toBeVisible();
});
