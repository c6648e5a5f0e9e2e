import type { BrowserContext, Page } from "@playwright/test";
import { signUp } from "./accounts.ts";
import { payFor } from "./database.ts";
import { expect, test as fixtures, visit } from "./fixtures.ts";
import { admin, serverUrl } from "./server.ts";

export const question = "What is the capital of France?";

type Agent = { id: string; name: string };
export type Chatter = {
  /** Address of their chat. */
  chat: string;
  state: Awaited<ReturnType<BrowserContext["storageState"]>>;
  agents: Agent[];
  /** A key that builds agents in their name. */
  secret: string;
};

const names = ["Geographer", "Historian", "Leaver"];

async function makeAgent(secret: string, name: string): Promise<Agent> {
  const body = JSON.stringify({ model: "tiny-chat-1", name, completion_args: { temperature: 0 } });
  const headers = { authorization: `Bearer ${secret}` };
  const response = await fetch(`${serverUrl}/v1/agents`, { method: "POST", headers, body });
  return (await response.json()) as Agent;
}

/** `test` with a person who pays, has agents, and has agreed to the terms of the chat. */
export const test = fixtures.extend<{ chat: Page }, { chatter: Chatter }>({
  chatter: [
    async ({ browser }, use) => {
      const page = await browser.newPage({ baseURL: serverUrl, extraHTTPHeaders: { "x-forwarded-for": "10.200.0.1" } });
      const { workspace } = await signUp(page);
      await payFor(workspace.slice(1));
      const scopes = "agents:use,agents:write";
      const options = ["--workspace", workspace.slice(1), "--name", "builder", "--scopes", scopes];
      const { secret } = await admin<{ secret: string }>("key", "create", ...options);
      const agents: Agent[] = [];
      for (const name of names) agents.push(await makeAgent(secret, name));
      await visit(page, `${workspace}/chat`);
      await page.getByRole("checkbox", { name: /I agree/ }).check();
      await page.getByRole("button", { name: "Continue" }).click();
      await expect(field(page)).toBeVisible();
      const state = await page.context().storageState();
      await page.close();
      await use({ chat: `${workspace}/chat`, state, agents, secret });
    },
    { scope: "worker" },
  ],
  chat: async ({ browser, chatter, faults, extraHTTPHeaders }, use) => {
    const headers = extraHTTPHeaders && { extraHTTPHeaders };
    const context = await browser.newContext({ storageState: chatter.state, ...headers });
    faults.watch(context);
    const page = await context.newPage();
    await visit(page, chatter.chat);
    await use(page);
    await context.close();
  },
});

export const said = (page: Page) => page.getByRole("region", { name: "Conversation" }).locator(":scope > ol > li");
export const field = (page: Page) => page.getByLabel("Your message", { exact: true });

/** Sends a message and waits until its answer is kept. */
export async function say(page: Page, text: string): Promise<void> {
  const before = await said(page).count();
  await field(page).fill(text);
  await field(page).press("Enter");
  await expect(said(page)).toHaveCount(before + 2);
  await expect(page.getByRole("button", { name: "Answer again, as a branch" })).toBeVisible();
}

/** A conversation of one message; its address. */
export async function begin(page: Page, text = question): Promise<string> {
  await field(page).fill(text);
  await field(page).press("Enter");
  await page.waitForURL(/\/chat\/conv_[0-9a-f]{32}$/);
  await expect(said(page)).toHaveCount(2);
  return new URL(page.url()).pathname;
}
