import { randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type BrowserContext, expect, type Page } from "@playwright/test";
import { ask, linkIn, type Sent, send } from "./forms.ts";

/**
 * Who the setup signs in once. The founder has an organization of this run; the invited one was given one by the
 * operator and has not agreed to the terms; the others live in the demo world.
 */
export const roles = [
  "founder",
  "invited",
  "owner",
  "admin",
  "billing",
  "dev",
  "member",
  "free",
  "support",
  "ledger",
] as const;
export type Role = (typeof roles)[number];

type BrowserState = Awaited<ReturnType<BrowserContext["storageState"]>>;
type Kept = { home: string; email: string; state: BrowserState };

const folder = path.resolve(import.meta.dirname, "../test-results/accounts");
const fileOf = (role: Role): string => path.join(folder, `${role}.json`);

/** Keeps who is signed in on a page, and where their work is, for the tests that come after. */
export async function keep(role: Role, page: Page, at: string, email = `${role}@example.com`): Promise<void> {
  const { pathname, search } = new URL(at);
  const kept: Kept = { home: pathname + search, email, state: await page.context().storageState() };
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(fileOf(role), JSON.stringify(kept));
}

const kept = (role: Role): Kept => JSON.parse(fs.readFileSync(fileOf(role), "utf8"));

export const stateOf = (role: Role): BrowserState => kept(role).state;

export const emailOf = (role: Role): string => kept(role).email;

/** Where a person is after signing in. */
export const homeOf = (role: Role): string => kept(role).home;

/** The address of a person's workspace: "/ws_…". */
export const workspaceOf = (role: Role): string => homeOf(role).replace(/\/home$/, "");

export type Newcomer = { email: string; password: string; workspace: string };

export const newEmail = (): string => `e2e-${randomUUID().slice(0, 13)}@example.com`;
export const goodPassword = "lantern orchard velvet 41";

export async function fillSignUp(page: Page, email: string, password = goodPassword): Promise<void> {
  await page.getByLabel("Your name").fill("Nadia Quist");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Organization").fill("Quist Bakeries");
}

/** Sends the form of a sign-up over HTTP; the page that asks to confirm. */
export async function askToSignUp(page: Page, email: string, organization = "Quist Bakeries"): Promise<Sent> {
  const typed = { name: "Nadia Quist", email, password: goodPassword, organization, agree: "on" };
  return send(page, await ask(page, "/sign-up"), "Create account", typed);
}

/** Opens an account through the forms of the console, without rendering them; the browser of this page is signed in. */
export async function signUp(page: Page, email = newEmail(), organization = "Quist Bakeries"): Promise<Newcomer> {
  const sent = await askToSignUp(page, email, organization);
  const home = await send(page, sent, "Confirm and sign in", {});
  const { pathname } = new URL(home.url);
  expect(pathname).toMatch(/^\/ws_\w+\/home$/);
  return { email, password: goodPassword, workspace: pathname.replace(/\/home$/, "") };
}

/** From the page of limits to the plan: who pays, and with which test card. */
export async function makePayable(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Upgrade to paid" }).click();
  await page.getByRole("link", { name: "Fill in" }).click();
  await page.getByLabel("Street and number").fill("12 rue des Forges");
  await page.getByLabel("Postal code").fill("35000");
  await page.getByLabel("City").fill("Rennes");
  await page.getByRole("combobox", { name: "Country" }).click();
  await page.getByRole("combobox", { name: "Search: country" }).fill("France");
  await page.getByRole("option", { name: "France", exact: true }).click();
  await page.getByRole("button", { name: "Save profile" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.getByRole("link", { name: "Plan", exact: true }).click();
  await page.getByRole("button", { name: "Add payment method" }).click();
  await expect(page.getByText("Test mode: no money moves")).toBeVisible();
  await page.getByRole("button", { name: "Add payment method" }).click();
  await expect(page.getByText("The payment method was added")).toBeVisible();
}

/** From the free plan to the paid one, from the page of limits on. */
export async function upgrade(page: Page): Promise<void> {
  await makePayable(page);
  await page.getByRole("button", { name: "Upgrade to paid" }).click();
  const dialog = page.getByRole("dialog", { name: "Upgrade to the paid plan" });
  await expect(dialog).toContainText("never used to train models");
  await dialog.getByRole("button", { name: "Upgrade to paid" }).click();
  await expect(page.getByRole("heading", { name: "Plan: Paid" })).toBeVisible();
}

/** Signs in through the form without rendering it; the address where that leads. */
export async function enter(page: Page, email: string, password: string): Promise<string> {
  const { url } = await send(page, await ask(page, "/sign-in"), "Sign in", { email, password });
  expect(new URL(url).pathname).not.toBe("/sign-in");
  return url;
}

/** Signs in by hand, for the journeys that are about it. */
export async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
}

/** Where the link of the newest letter with this subject leads here, as the demo's outbox shows it. */
export async function linkOfLetter(page: Page, recipient: string, subject: RegExp, link: RegExp): Promise<string> {
  const outbox = await ask(page, `/demo/outbox?recipient=${encodeURIComponent(recipient)}`);
  const letter = await ask(page, linkIn(outbox, /\/demo\/outbox\/\w+/, subject));
  const { pathname, search } = new URL(linkIn(letter, link));
  return pathname + search;
}

/** The newest letter to an address, opened in the demo's outbox. */
export async function openLetter(page: Page, recipient: string, subject: string | RegExp): Promise<void> {
  await page.goto(`/demo/outbox?recipient=${encodeURIComponent(recipient)}`);
  await page.getByRole("link", { name: subject }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: subject })).toBeVisible();
}

/** Asks for a new password and sets it through the letter; returns the link, which has been used then. */
export async function resetPassword(page: Page, email: string, password: string): Promise<string> {
  await page.goto("/forgot-password");
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText("Look into your inbox")).toBeVisible();
  await openLetter(page, email, "Choose a new password");
  const link = page.getByRole("link", { name: /\/reset-password\?token=/ });
  const address = (await link.getAttribute("href")) ?? "";
  await link.click();
  await page.getByLabel("New password").fill(password);
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByText("Your new password is set.")).toBeVisible();
  return address;
}
