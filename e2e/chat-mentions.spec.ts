import { workspaceOf } from "./accounts.ts";
import { begin, field, question, said, say, test } from "./chatter.ts";
import { expect, visit } from "./fixtures.ts";
import { serverUrl } from "./server.ts";

// One after the other: a person has one playground key, and opening the chat elsewhere renews it.
test.describe.configure({ mode: "default" });

test("T-4.3-TAG an @ offers the agents one may call, by keys and by pointer, and calls the one that was chosen", async ({
  chat: page,
}) => {
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
});

test("T-4.3-TAG of two mentions the first that may be used is called; other names and code are only text", async ({
  chat: page,
}) => {
  await begin(page, "@nobody @historian @geographer hello");
  await expect(said(page).last().getByText("Historian, version 0", { exact: true })).toBeVisible();
  await say(page, "@nobody hello");
  await expect(said(page).last().getByText("tiny-chat-1", { exact: true })).toBeVisible();
  await say(page, "`@geographer` or me@geographer.example");
  await expect(said(page).last().getByText("tiny-chat-1", { exact: true })).toBeVisible();
});

test("T-4.3-TAG an agent that is not shared with a person is not offered to them, and its handle is only text", async ({
  as,
}) => {
  const page = await as("member");
  await visit(page, `${workspaceOf("member")}/chat`);
  await field(page).pressSequentially("@");
  const options = page.getByRole("listbox", { name: "Agents to call" }).getByRole("option");
  await expect(options.filter({ hasText: "Travel planner" })).toHaveCount(1);
  await expect(options.filter({ hasText: "Contract reader" })).toHaveCount(0);
  await begin(page, "@contract-reader hello");
  await expect(said(page).last().getByText("tiny-chat-1", { exact: true })).toBeVisible();
  const owner = await as("owner");
  await visit(owner, `${workspaceOf("owner")}/chat`);
  await begin(owner, "@contract-reader hello");
  await expect(
    said(owner)
      .last()
      .getByText(/^Contract reader, version \d+$/),
  ).toBeVisible();
});

test("T-4.3-DEL1 a conversation with an agent that is deleted keeps its text, and says why it cannot go on", async ({
  chat: page,
  chatter,
}) => {
  const leaver = chatter.agents[2];
  await page.getByLabel("Who answers").selectOption({ label: "Leaver (@leaver)" });
  await field(page).fill(question);
  await field(page).press("Enter");
  await page.waitForURL(/\/chat\/conv_/);
  await expect(said(page).last().getByText("Leaver, version 0", { exact: true })).toBeVisible();
  const headers = { authorization: `Bearer ${chatter.secret}` };
  expect((await fetch(`${serverUrl}/v1/agents/${leaver?.id}`, { method: "DELETE", headers })).status).toBe(204);
  await page.reload();
  await expect(said(page).last()).toContainText("Paris");
  await expect(page.getByText("This conversation cannot go on")).toBeVisible();
  await expect(page.getByText(/Leaver \(@leaver\) was deleted on/)).toBeVisible();
  await expect(field(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Edit message" })).toHaveCount(0);
});
