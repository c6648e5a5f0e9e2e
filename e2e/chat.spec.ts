import fs from "node:fs/promises";
import type { BrowserContext, Page } from "@playwright/test";
import { signUp, upgrade } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { admin, serverUrl } from "./server.ts";

// One after the other: a person has one playground key, and opening the chat elsewhere renews it.
test.describe.configure({ mode: "default" });

const ask = "What is the capital of France?";
const figures = /^\d+ tokens in, \d+ out$/;

type Agent = { id: string; name: string };
type Someone = { chat: string; state: Awaited<ReturnType<BrowserContext["storageState"]>>; agents: Agent[] };
let someone: Someone;

/** Agents of a workspace, made by a program of its owner's. */
async function makeAgents(workspace: string, names: readonly string[]): Promise<Agent[]> {
  const scopes = "agents:use,agents:write";
  const { secret } = await admin<{ secret: string }>(
    "key",
    "create",
    "--workspace",
    workspace,
    "--name",
    "agents",
    "--scopes",
    scopes,
  );
  const made: Agent[] = [];
  for (const name of names) {
    const body = JSON.stringify({ model: "tiny-chat-1", name, completion_args: { temperature: 0 } });
    const headers = { authorization: `Bearer ${secret}` };
    const response = await fetch(`${serverUrl}/v1/agents`, { method: "POST", headers, body });
    made.push((await response.json()) as Agent);
  }
  return made;
}

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage({ extraHTTPHeaders: { "x-forwarded-for": "10.200.0.1" } });
  const { workspace } = await signUp(page);
  await visit(page, `${workspace}/limits`);
  await upgrade(page);
  const agents = await makeAgents(workspace.slice(1), ["Geographer", "Historian", "Leaver"]);
  await visit(page, `${workspace}/chat`);
  await page.getByRole("checkbox", { name: /I agree/ }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByLabel("Your message")).toBeVisible();
  someone = { chat: `${workspace}/chat`, state: await page.context().storageState(), agents };
  await page.close();
});

const own = test.extend<{ chat: Page }>({
  chat: async ({ browser, faults, extraHTTPHeaders }, use) => {
    const context = await browser.newContext({
      storageState: someone.state,
      ...(extraHTTPHeaders && { extraHTTPHeaders }),
    });
    faults.watch(context);
    const page = await context.newPage();
    await visit(page, someone.chat);
    await use(page);
    await context.close();
  },
});

const said = (page: Page) => page.getByRole("region", { name: "Conversation" }).getByRole("listitem");
const field = (page: Page) => page.getByLabel("Your message", { exact: true });

/** Sends a message and waits until its answer is kept. */
async function say(page: Page, text: string): Promise<void> {
  const before = await said(page).count();
  await field(page).fill(text);
  await field(page).press("Enter");
  await expect(page.getByRole("button", { name: "Edit message" }).last()).toBeVisible();
  await expect(said(page)).toHaveCount(before + 2);
}

/** A conversation of one message. */
async function begin(page: Page, text = ask): Promise<string> {
  await visit(page, someone.chat);
  await field(page).fill(text);
  await field(page).press("Enter");
  await page.waitForURL(/\/chat\/conv_[0-9a-f]{32}$/);
  await expect(said(page)).toHaveCount(2);
  return new URL(page.url()).pathname;
}

own(
  "a conversation streams, says who answered, what it took and how long it is kept, and is the same after a reload",
  async ({ chat: page }) => {
    const asked = page.waitForResponse((response) => response.url().endsWith("/v1/conversations"));
    await field(page).fill(ask);
    await field(page).press("Enter");
    const response = await asked;
    expect(response.headers()["content-type"]).toContain("text/event-stream");
    await page.waitForURL(/\/chat\/conv_[0-9a-f]{32}$/);
    const answer = said(page).last();
    await expect(answer).toContainText("Paris");
    await expect(answer.getByText(figures)).toBeVisible();
    await expect(answer.getByText(/^€0\.0+[1-9]\d*$/)).toBeVisible();
    await expect(answer.getByText("tiny-chat-1", { exact: true })).toBeVisible();
    await expect(page.getByText(/until you delete it.*30 days.*never used to train/)).toBeVisible();
    await expect(field(page)).toBeFocused();
    await say(page, "And of Italy?");
    const text = await page.getByRole("region", { name: "Conversation" }).getByRole("list").innerText();
    await page.reload();
    await expect(said(page)).toHaveCount(4);
    expect(await page.getByRole("region", { name: "Conversation" }).getByRole("list").innerText()).toBe(text);
    await expect(
      page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: ask }),
    ).toBeVisible();

    await said(page).nth(1).getByRole("link", { name: "In the log" }).click();
    await expect(page.getByText(response.headers()["x-request-id"] ?? "no id")).toBeVisible();
  },
);

/** The answer comes in part, and then nothing until somebody stops it. */
const slowDown = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const fast = window.fetch;
    window.fetch = async (input, init) => {
      if (init?.method !== "POST" || !String(input).startsWith("/v1/conversations")) return fast(input, init);
      window.fetch = fast;
      const response = await fast(input, init);
      const pieces = (await response.text()).split("\n\n").slice(0, 3);
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of pieces) controller.enqueue(new TextEncoder().encode(`${piece}\n\n`));
          init?.signal?.addEventListener("abort", () => controller.error(init.signal?.reason));
        },
      });
      return new Response(body, response);
    };
  });

own("an answer can be stopped, and what was said until then is kept", async ({ chat: page }) => {
  await begin(page);
  await slowDown(page);
  await field(page).fill("Tell me more.");
  await field(page).press("Enter");
  await expect(said(page)).toHaveCount(4);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("button", { name: "Send" })).toBeVisible();
  await expect(field(page)).toBeFocused();
  await say(page, "And of Italy?");
  await expect(said(page)).toHaveCount(6);
});

own("a message that failed stays, and can be tried again", async ({ chat: page, faults }) => {
  faults.allow(/Failed to fetch|net::ERR_FAILED/);
  await begin(page);
  await page.route("**/v1/conversations/*", (route) => route.abort());
  await field(page).fill("And of Italy?");
  await field(page).press("Enter");
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  await expect(said(page).getByText("And of Italy?")).toBeVisible();
  await page.unroute("**/v1/conversations/*");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(said(page)).toHaveCount(4);
  await expect(page.getByRole("button", { name: "Edit message" })).toHaveCount(2);
});

own(
  "an answer is asked for again, and a message said otherwise, on branches that know where they come from",
  async ({ chat: page }) => {
    const first = await begin(page);
    await say(page, "And of Italy?");
    await page.getByRole("button", { name: "Answer again, as a branch" }).click();
    await page.waitForURL((url) => url.pathname !== first && /conv_/.test(url.pathname));
    await expect(said(page)).toHaveCount(4);
    await page.getByText("Branched from").getByRole("link", { name: ask }).click();
    await page.waitForURL(`**${first}`);

    await page.getByRole("button", { name: "Edit message" }).last().click();
    await page.getByLabel("Your message in other words").fill("And of Spain?");
    await page.getByRole("button", { name: "Send as a branch" }).click();
    await page.waitForURL((url) => url.pathname !== first && /conv_/.test(url.pathname));
    await expect(said(page)).toHaveCount(4);
    await expect(said(page).nth(2)).toContainText("And of Spain?");
    await expect(page.getByText("And of Italy?")).toHaveCount(0);

    await visit(page, first);
    await expect(page.getByText(/^Branches:/).getByRole("link")).toHaveCount(2);
    await page.getByRole("button", { name: "Edit message" }).first().click();
    await page.getByLabel("Your message in other words").fill("What is the capital of Spain?");
    await page.getByRole("button", { name: "Send as a branch" }).click();
    await page.waitForURL((url) => url.pathname !== first && /conv_/.test(url.pathname));
    await expect(said(page)).toHaveCount(2);
    await expect(page.getByText("Branched from").getByRole("link", { name: ask })).toBeVisible();
  },
);

own("a conversation is renamed, found by its name, exported and deleted", async ({ chat: page }) => {
  const path = await begin(page);
  const more = page.getByRole("button", { name: "More about this conversation" });
  await more.click();
  await page.getByRole("button", { name: "Rename…" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Atlas of 41 questions");
  await page.getByRole("button", { name: "Rename conversation" }).click();
  await expect(page.getByRole("heading", { name: "Atlas of 41 questions" })).toBeVisible();
  await page.getByLabel("Name of a conversation").fill("atlas of 41");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  const list = page.getByRole("navigation", { name: "Conversations" }).getByRole("listitem");
  await expect(list).toHaveCount(1);
  await list.getByRole("link", { name: "Atlas of 41 questions" }).click();
  await page.waitForURL(`**${path}`);

  for (const [entry, begins] of [
    ["Export Markdown", "# Atlas of 41 questions"],
    ["Export JSON", '{\n  "object": "conversation.history"'],
  ] as const) {
    await more.click();
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: entry }).click();
    const text = await fs.readFile(await (await download).path(), "utf8");
    expect(text.startsWith(begins)).toBe(true);
    expect(text).toContain(ask);
    expect(text).toContain("Paris");
  }

  await more.click();
  await page.getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete conversation" });
  await expect(dialog).toContainText("2 entries");
  await dialog.getByRole("button", { name: "Delete conversation" }).click();
  await page.waitForURL(`**${someone.chat}`);
  expect((await page.request.get(path)).status()).toBe(404);
});

own(
  "T-4.3-TAG an @ offers the agents one may call, by keys and by pointer, and calls the one that was chosen",
  async ({ chat: page }) => {
    await field(page).pressSequentially("@");
    const options = page.getByRole("listbox", { name: "Agents to call" }).getByRole("option");
    await expect(options).toHaveText([/Geographer/, /Historian/, /Leaver/]);
    await page.keyboard.press("Escape");
    await expect(options).toHaveCount(0);
    await field(page).fill("");
    await field(page).pressSequentially("@hi");
    await expect(options).toHaveText([/Historian/]);
    await field(page).fill("");
    await field(page).pressSequentially("@");
    await expect(options.first()).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("ArrowDown");
    await expect(options.nth(1)).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await expect(field(page)).toHaveValue("@geographer ");
    await expect(page.getByText("Geographer answers this message")).toBeVisible();
    await field(page).pressSequentially("what is the capital of France ?");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/chat\/conv_/);
    await expect(said(page).last().getByText("Geographer, version 0", { exact: true })).toBeVisible();
    await expect(said(page).last()).toContainText("Paris");
    await expect(page.getByText("With tiny-chat-1")).toBeVisible();

    await field(page).pressSequentially("Ask @his");
    await options.first().click();
    await expect(field(page)).toHaveValue("Ask @historian ");
    await expect(field(page)).toBeFocused();
  },
);

own(
  "T-4.3-TAG of two mentions the first that may be used is called; other names and code are only text",
  async ({ chat: page }) => {
    await begin(page, "@nobody @historian @geographer hello");
    await expect(said(page).last().getByText("Historian, version 0", { exact: true })).toBeVisible();
    await say(page, "@nobody hello");
    await expect(said(page).last().getByText("tiny-chat-1", { exact: true })).toBeVisible();
    await say(page, "`@geographer` or me@geographer.example");
    await expect(said(page).last().getByText("tiny-chat-1", { exact: true })).toBeVisible();
  },
);

own(
  "T-4.3-DEL1 a conversation with an agent that is deleted keeps its text, and says why it cannot go on",
  async ({ chat: page }) => {
    const leaver = someone.agents[2];
    await page.getByLabel("Who answers").selectOption({ label: "Leaver (@leaver)" });
    await field(page).fill(ask);
    await field(page).press("Enter");
    await page.waitForURL(/\/chat\/conv_/);
    await expect(said(page).last().getByText("Leaver, version 0", { exact: true })).toBeVisible();
    const workspace = someone.chat.split("/")[1] ?? "";
    const scopes = "agents:use,agents:write";
    const { secret } = await admin<{ secret: string }>(
      "key",
      "create",
      "--workspace",
      workspace,
      "--name",
      "end",
      "--scopes",
      scopes,
    );
    const headers = { authorization: `Bearer ${secret}` };
    expect((await fetch(`${serverUrl}/v1/agents/${leaver?.id}`, { method: "DELETE", headers })).status).toBe(204);
    await page.reload();
    await expect(said(page).last()).toContainText("Paris");
    await expect(page.getByText("This conversation cannot go on")).toBeVisible();
    await expect(page.getByText(/Leaver \(@leaver\) was deleted on/)).toBeVisible();
    await expect(field(page)).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Edit message" })).toHaveCount(0);
  },
);

test("somebody else's conversation is not there", async ({ as, browser, extraHTTPHeaders, faults }) => {
  faults.allow(/404 \(/);
  const context = await browser.newContext({
    storageState: someone.state,
    ...(extraHTTPHeaders && { extraHTTPHeaders }),
  });
  const path = await begin(await context.newPage());
  const stranger = await as("owner");
  expect((await stranger.goto(path))?.status()).toBe(404);
  expect((await stranger.request.get(`${path}/export`)).status()).toBe(404);
  await context.close();
});
