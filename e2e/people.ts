import { expect, type Page } from "@playwright/test";
import { goodPassword, linkOfLetter, openLetter } from "./accounts.ts";
import { organizationOf } from "./database.ts";
import { visit } from "./fixtures.ts";
import { ask, send } from "./forms.ts";
import { admin } from "./server.ts";

type Invited = { workspace: string; email: string; roles?: readonly string[] };

/** Invites an address to the workspace the admin's page is in, besides the playground with these roles. */
export async function invite(page: Page, { workspace, email, roles = [] }: Invited): Promise<void> {
  await visit(page, `${workspace}/organization/members`);
  await page.getByRole("button", { name: "Invite people" }).click();
  const dialog = page.getByRole("dialog", { name: /^Invite people to/ });
  await dialog.getByLabel("E-mail addresses").fill(email);
  for (const role of roles) await dialog.getByRole("checkbox", { name: role }).check();
  await dialog.getByRole("button", { name: "Send invitations" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("link", { name: "Invitations" }).click();
  const invitations = page.getByRole("table", { name: "Invitations" });
  await expect(invitations.getByRole("row", { name: new RegExp(email) })).toContainText("Open, expires in 6 days");
}

/** Follows the link of the letter that invites; the address of the page behind it. */
export async function followInvitation(page: Page, email: string): Promise<string> {
  await openLetter(page, email, /^Join /);
  await page.getByRole("link", { name: /\/invitation\?token=/ }).click();
  await page.waitForURL(/\/invitation\?token=/);
  await expect(page.getByRole("heading", { level: 1, name: /^Join / })).toBeVisible();
  return page.url();
}

/** Opens an account through an invitation, and stays signed in on this page. */
export async function joinAsNew(page: Page, email: string, name: string): Promise<void> {
  await followInvitation(page, email);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(goodPassword);
  await page.getByRole("checkbox", { name: /I agree/ }).check();
  await page.getByRole("button", { name: "Open account and join" }).click();
  await page.waitForURL(/\/ws_\w+\/home$/);
}

/** A person new whom the operator invited as a developer, signed in in the browser of this page. */
export async function addDeveloper(
  page: Page,
  workspace: string,
  { email, name }: { email: string; name: string },
): Promise<void> {
  const id = workspace.slice(1);
  const place = ["--organization", await organizationOf(id), "--workspace", id, "--workspace-roles", "dev"];
  await admin("member", "invite", ...place, "--email", email);
  const address = await linkOfLetter(page, email, /^Join /, /\/invitation\?token=/);
  const typed = { name, password: goodPassword, agree: "on" };
  const { url } = await send(page, await ask(page, address), "Open account and join", typed);
  expect(new URL(url).pathname).toBe(`${workspace}/home`);
}
