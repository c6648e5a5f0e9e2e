import { expect, type Locator, type Page } from "@playwright/test";
import { visit } from "./fixtures.ts";
import { serverUrl } from "./server.ts";

/** The secret in a dialog that shows one. */
export async function secretIn(dialog: Locator): Promise<string> {
  const secret = await dialog.getByRole("textbox", { name: "Key" }).inputValue();
  expect(secret).toMatch(/^cpt_\w{20,}$/);
  return secret;
}

/** Makes a key on the page of keys, says that it is stored, and ends on the key's own page. */
export async function createKey(page: Page, workspace: string, name: string): Promise<string> {
  await visit(page, `${workspace}/keys?create=1`);
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
  const dialog = page.getByRole("dialog", { name: `${name} is ready` });
  const secret = await secretIn(dialog);
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("link", { name, exact: true }).click();
  await page.waitForURL(/\/keys\/key_\w+$/);
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  return secret;
}

/** Asks a model over the API, as a program with that name would. */
export const ask = (secret: string, agent = "e2e/1.0"): Promise<Response> =>
  fetch(`${serverUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", "user-agent": agent },
    body: JSON.stringify({
      model: "tiny-chat-1",
      messages: [{ role: "user", content: "What is the capital of France?" }],
      max_tokens: 12,
    }),
  });

export const statusOf = async (secret: string, agent?: string): Promise<number> => (await ask(secret, agent)).status;
