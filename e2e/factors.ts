import { expect, type Page } from "@playwright/test";
import { generateSync } from "otplib";
import { visit } from "./fixtures.ts";

/** The code an app shows; `later` is how many half minutes from now. */
export const codeOf = (secret: string, later = 0): string =>
  generateSync({ secret, epoch: Math.floor((performance.timeOrigin + performance.now()) / 1000) + later * 30 });

/** Adds an authenticator app on the account page: its secret, and the recovery codes that came with the first one. */
export async function addApp(page: Page, name = "Telephone"): Promise<{ secret: string; codes: string[] }> {
  if (!page.url().includes("/account")) await visit(page, "/account");
  await page.getByRole("button", { name: "Add an app" }).click();
  const dialog = page.getByRole("dialog", { name: "Add an authenticator app" });
  await expect(dialog.getByRole("img", { name: "QR code for the authenticator app" })).toBeVisible();
  const secret = ((await dialog.getByRole("code").textContent()) ?? "").replaceAll(" ", "");
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Code from your app").fill(codeOf(secret));
  await dialog.getByRole("button", { name: "Add app" }).click();
  return { secret, codes: await storeCodes(page) };
}

/** Reads the recovery codes in the dialog that shows them once, and says that they are stored. */
export async function storeCodes(page: Page): Promise<string[]> {
  const dialog = page.getByRole("dialog", { name: "Your recovery codes" });
  await expect(dialog).toBeVisible();
  const codes = await dialog.getByRole("list", { name: "Recovery codes" }).getByRole("listitem").allTextContents();
  expect(codes).toHaveLength(10);
  await dialog.getByRole("button", { name: "I have stored them" }).click();
  await expect(dialog).toBeHidden();
  return codes;
}

/** A device of the browser's own that makes passkeys and checks who uses it, without anyone to touch it. */
export async function addDevice(page: Page): Promise<{ verifies: (isRight: boolean) => Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const verifies = async (isUserVerified: boolean) => {
    await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  };
  return { verifies };
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /Account and appearance/ }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(/\/sign-in/);
}
