import fs from "node:fs/promises";
import { signUp, workspaceOf } from "./accounts.ts";
import { begin, field, question, said, say, test } from "./chatter.ts";
import { forgetEverything } from "./database.ts";
import { expect, visit } from "./fixtures.ts";
import { slowDown } from "./slow-answer.ts";

// One after the other: a person has one playground key, and opening the chat elsewhere renews it.
test.describe.configure({ mode: "default" });

const figures = /^\d+ tokens in, \d+ out$/;

test("a conversation streams, says who answered, what it took and how long it is kept, and is the same after a reload", async ({
  chat: page,
}) => {
  const asked = page.waitForResponse((response) => response.url().endsWith("/v1/conversations"));
  await field(page).fill(question);
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
    page.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: question }),
  ).toBeVisible();

  await said(page).nth(1).getByRole("link", { name: "In the log" }).click();
  await expect(page.getByRole("main").getByText(response.headers()["x-request-id"] ?? "no id")).toBeVisible();
});

test("an answer can be stopped, and what was said until then is kept", async ({ chat: page }) => {
  await begin(page);
  await slowDown(page, "/v1/conversations");
  await field(page).fill("Tell me more.");
  await field(page).press("Enter");
  await expect(said(page)).toHaveCount(4);
  // Before the first piece nothing is kept.
  await expect(said(page).last().getByText("tiny-chat-1", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("button", { name: "Send" })).toBeVisible();
  await expect(field(page)).toBeFocused();
  await say(page, "And of Italy?");
  await expect(said(page)).toHaveCount(6);
});

test("a person who goes elsewhere while an answer comes is not called back, and finds what was said", async ({
  chat: page,
}) => {
  await slowDown(page, "/v1/conversations");
  await field(page).fill("A question to walk away from");
  await field(page).press("Enter");
  await expect(said(page)).toHaveCount(2);
  // Before the first piece nothing is kept.
  await expect(said(page).last().getByText("tiny-chat-1", { exact: true })).toBeVisible();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  for (const name of ["Models", "Usage"]) {
    await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  }
  expect(asked.filter((url) => url.includes("conv_"))).toEqual([]);
  await page.getByRole("navigation").getByRole("link", { name: "Chat", exact: true }).click();
  await page.getByRole("link", { name: /A question to walk away from/ }).click();
  await expect(said(page)).toHaveCount(2);
});

test("a message that failed stays, and can be tried again", async ({ chat: page, faults }) => {
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

test("an answer is asked for again, and a message said otherwise, on branches that know where they come from", async ({
  chat: page,
}) => {
  const first = await begin(page);
  await say(page, "And of Italy?");
  await page.getByRole("button", { name: "Answer again, as a branch" }).click();
  await page.waitForURL((url) => url.pathname !== first && /conv_/.test(url.pathname));
  await expect(said(page)).toHaveCount(4);
  await page.getByText("Branched from").getByRole("link", { name: question }).click();
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
  await page.getByText("Branched from").getByRole("link", { name: question }).click();
  await page.waitForURL(`**${first}`);
  await expect(page.getByText(/^Branches:/).getByRole("link")).toHaveCount(3);
});

test("a conversation is renamed, found by its name, exported and deleted", async ({ chat: page, chatter }) => {
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
    expect(text).toContain(question);
    expect(text).toContain("Paris");
  }

  await more.click();
  await page.getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete conversation" });
  await expect(dialog).toContainText("2 entries");
  await dialog.getByRole("button", { name: "Delete conversation" }).click();
  await page.waitForURL(`**${chatter.chat}`);
  expect((await page.request.get(path)).status()).toBe(404);
});

test("T-4.2.2.1-D1: on the free plan the chat says that what is said may train models", async ({ as }) => {
  const page = await as("free");
  await visit(page, `${workspaceOf("free")}/chat`);
  await expect(page.getByText(/until you delete it.*may be used to train models/)).toBeVisible();
});

test("T-4.2.2.2-ZDR4 under zero retention there is no chat, and the page says why", async ({ page }) => {
  const { workspace } = await signUp(page);
  await forgetEverything(workspace.slice(1));
  await visit(page, `${workspace}/chat`);
  await page.getByRole("checkbox", { name: /I agree/ }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByText("No conversations under zero retention")).toBeVisible();
  await expect(field(page)).toHaveCount(0);
});

test("another person's conversation is not there", async ({ chat: page, as, faults }) => {
  faults.allow(/404 \(/);
  const path = await begin(page);
  const stranger = await as("owner");
  expect((await stranger.goto(path))?.status()).toBe(404);
  expect((await stranger.request.get(`${path}/export`)).status()).toBe(404);
});

test("without network a question says so at once, is not sent later by itself, and is answered on Try again", async ({
  chat: page,
  faults,
}) => {
  faults.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load resource/);
  const answers: string[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith("/v1/conversations")) answers.push(response.url());
  });
  await page.context().setOffline(true);
  await field(page).fill(question);
  await field(page).press("Enter");
  await expect(page.getByText("You are offline. What you wrote is kept here")).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(said(page).last()).toContainText("Paris");
  expect(answers).toHaveLength(1);
});
