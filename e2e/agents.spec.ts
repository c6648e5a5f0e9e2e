import fs from "node:fs";
import type { Download, Page, Route } from "@playwright/test";
import { signUp, workspaceOf } from "./accounts.ts";
import { forgetEverythingOf, payFor } from "./database.ts";
import { expect, test, visit } from "./fixtures.ts";
import { slowDown } from "./slow-answer.ts";

const dialog = (page: Page, name?: string | RegExp) => page.getByRole("dialog", name ? { name } : {});
const preview = (page: Page) => page.getByRole("region", { name: "Preview" });

/** A new agent, made by the keyboard alone; its builder is open afterwards. */
async function create(page: Page, workspace: string, name: string): Promise<string> {
  await visit(page, `${workspace}/agents`);
  await page.keyboard.press("c");
  await expect(dialog(page, "Create agent").getByLabel("Name")).toBeFocused();
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  return new URL(page.url()).pathname;
}

async function publish(page: Page, version: number, message: string): Promise<void> {
  await page.getByRole("button", { name: "Publish…" }).click();
  const asked = dialog(page, `Publish version ${version}`);
  await asked.getByLabel("Message").fill(message);
  await asked.getByRole("checkbox", { name: "I have the rights to what is in it" }).check();
  await asked.getByRole("button", { name: `Publish version ${version}` }).click();
  await expect(page.getByText(`Version ${version} is published.`)).toBeVisible();
}

async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel("Message to the draft").fill(question);
  await page.getByLabel("Message to the draft").press("Enter");
}

const textOf = async (download: Download): Promise<string> => fs.readFileSync(await download.path(), "utf8");

test("T-4.3-CREATE, T-4.3-RESP1, T-4.3-DEL1: an agent is built, tried, published, compared, restored, carried over and deleted", async ({
  page,
}) => {
  test.slow();
  const { workspace } = await signUp(page);
  await payFor(workspace.slice(1));
  const address = await create(page, workspace, "Geography teacher");
  await expect(page.getByText("@geography-teacher")).toBeVisible();

  await page.getByLabel("Instructions").fill("Name the capital.\nAnswer in one sentence.");
  await page.getByLabel("Temperature").fill("3");
  await ask(page, "What is the capital of France?");
  await expect(page.getByText("A number from 0 to 1.")).toBeVisible();
  await expect(page.getByLabel("Temperature")).toBeFocused();
  await expect(page.getByLabel("Message to the draft")).toHaveValue("What is the capital of France?");
  await page.getByLabel("Temperature").fill("0");
  await page.getByLabel("Message to the draft").press("Enter");
  await expect(preview(page).getByText(/^\d+ tokens in, \d+ out$/)).toBeVisible();
  await expect(preview(page).getByText(/^€0\.0+[1-9]\d*$/)).toBeVisible();
  await expect(preview(page).getByRole("log").getByText("Agent: ")).toHaveCount(1);
  await expect(page.getByText("Draft saved.")).toBeVisible();

  await ask(page, "And of Italy?");
  await expect(preview(page).getByText(/^\d+ tokens in, \d+ out$/)).toHaveCount(2);
  await expect(preview(page).getByRole("log").getByText("Agent: ")).toHaveCount(2);

  await page.getByRole("button", { name: "Publish…" }).click();
  await dialog(page).getByRole("button", { name: "Publish version 0" }).click();
  await expect(dialog(page).getByText(/Publishing needs this/)).toBeVisible();
  await page.keyboard.press("Escape");
  await publish(page, 0, "First");
  await page.getByLabel("Instructions").fill("Name the capital.\nAnswer in one word.");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByText("This is a draft beside version 0")).toBeVisible();
  await publish(page, 1, "Shorter");
  // The words come before the page knows that its draft is one no more.
  await expect(page.getByText("This is a draft beside version 0")).toHaveCount(0);
  await page.getByRole("button", { name: "Publish…" }).click();
  await expect(page.getByText("Nothing has changed since version 1.")).toBeVisible();

  await page.getByRole("link", { name: "Versions" }).click();
  const versions = page.getByRole("table", { name: "Versions" });
  await expect(versions.getByRole("row", { name: /Version 1 Current/ })).toContainText("Shorter");
  const difference = page.getByRole("region", { name: "Instructions" });
  await expect(difference.getByText("Removed: Answer in one sentence.")).toBeVisible();
  await expect(difference.getByText("Added: Answer in one word.")).toBeVisible();
  await versions.getByRole("button", { name: "Make version 0 current" }).click();
  await dialog(page).getByRole("button", { name: "Make current" }).click();
  await expect(versions.getByRole("row", { name: /Version 0 Current/ })).toBeVisible();
  await page.getByRole("button", { name: "Add alias" }).click();
  await dialog(page).getByLabel("Alias").fill("stable");
  await dialog(page).getByRole("button", { name: "Add alias" }).click();
  await expect(page.getByText('"agent_version": "stable"', { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "More about this agent" }).click();
  const started = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export JSON" }).click();
  const file = await started;
  expect(file.suggestedFilename()).toBe("geography-teacher.agent.json");
  const text = await textOf(file);
  expect(JSON.parse(text)).toMatchObject({ name: "Geography teacher", completion_args: { temperature: 0 } });

  await visit(page, `${workspace}/agents`);
  await page.getByRole("button", { name: "Import" }).click();
  await dialog(page)
    .getByLabel("File")
    .setInputFiles({ name: "a.json", mimeType: "application/json", buffer: Buffer.from(text) });
  await dialog(page).getByRole("button", { name: "Import agent" }).click();
  await expect(
    dialog(page)
      .getByText(/Another agent of this workspace has this handle/)
      .first(),
  ).toBeVisible();
  await dialog(page).getByLabel("Another handle").fill("second-teacher");
  await dialog(page).getByRole("button", { name: "Import agent" }).click();
  await expect(page.getByText("@second-teacher")).toBeVisible();
  await expect(page.getByLabel("Instructions")).toHaveValue("Name the capital.\nAnswer in one sentence.");

  await visit(page, address);
  await page.getByRole("button", { name: "More about this agent" }).click();
  await page.getByRole("button", { name: "Delete…" }).click();
  await expect(dialog(page)).toContainText("2 versions, 1 alias and 0 grants");
  await expect(dialog(page).getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog(page).getByRole("button", { name: "Delete agent" }).click();
  const receipt = page.getByRole("row", { name: /Geography teacher/ });
  await expect(receipt).toContainText("2 versions, 1 alias");
  await expect(receipt).toContainText("Nadia Quist");
  await visit(page, `${workspace}/agents`);
  await expect(page.getByRole("table", { name: "Agents" }).getByRole("rowheader")).toHaveText([/@second-teacher/]);
});

test("T-4.3-RESP2: a name of the provider's people, and a handle that looks like another, are refused where they stand", async ({
  as,
}) => {
  const page = await as("founder");
  const workspace = workspaceOf("founder");
  await create(page, workspace, "Bill reader");
  await visit(page, `${workspace}/agents?create=1`);
  const form = dialog(page, "Create agent");
  await form.getByLabel("Name").fill("Support");
  await form.getByRole("button", { name: "Create agent" }).click();
  await expect(form.getByLabel("Name")).toHaveAccessibleDescription(/could be taken for the provider/);
  await expect(form.getByLabel("Name")).toBeFocused();
  await form.getByLabel("Name").fill("Another reader");
  await form.getByLabel("Handle").fill("bi11-reader");
  await form.getByRole("button", { name: "Create agent" }).click();
  await expect(form.getByLabel("Handle")).toHaveAccessibleDescription(/one that looks like it/);
  await form.getByLabel("Handle").fill("another-reader");
  await form.getByRole("button", { name: "Create agent" }).click();
  await expect(page.getByText("@another-reader")).toBeVisible();
});

/** What a model that can call functions would stream; the built-in one cannot. */
const calling = [
  { type: "conversation.response.started", conversation_id: "conv_1", created_at: "" },
  {
    type: "function.call.delta",
    id: "fc_1",
    name: "find_trains",
    tool_call_id: "call_1",
    arguments: '{"to":"Wien"}',
    output_index: 0,
  },
  {
    type: "conversation.response.done",
    usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
    cost_eur: "0.00001",
  },
];

test("a function is tried in the preview: its call is shown, and the result that is typed goes on to the model", async ({
  page,
}) => {
  const { workspace } = await signUp(page);
  await create(page, workspace, "Train finder");
  await page.getByRole("button", { name: "Add function" }).click();
  await page.getByLabel("Function name").fill("find_trains");
  const parameters = page.getByLabel("Parameters");
  await parameters.fill('{"type":"objekt"}');
  await expect(parameters).toHaveAccessibleDescription(/Not a JSON schema yet: type is "objekt"/);
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(parameters).toBeFocused();
  await parameters.fill('{"type":"object","properties":{"to":{"type":"string"}}}');
  await page.getByRole("button", { name: "Pretty-print" }).click();
  await expect(parameters).toHaveValue(/^\{\n {2}"type": "object",/);

  const body = calling.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  await page.route("**/v1/conversations", (route: Route) => route.fulfill({ contentType: "text/event-stream", body }), {
    times: 1,
  });
  await ask(page, "To Vienna, please.");
  await expect(preview(page).getByText("Asks for find_trains")).toBeVisible();
  await expect(page.getByLabel("Result of find_trains")).toBeFocused();
  await page.getByLabel("Result of find_trains").fill('["08:10"]');
  const sent = page.waitForRequest("**/v1/conversations");
  await page.getByRole("button", { name: "Give result" }).click();
  expect((await sent).postDataJSON()).toMatchObject({
    agent_version: "draft",
    store: false,
    inputs: [
      { type: "message.input", content: "To Vienna, please." },
      { type: "function.call", tool_call_id: "call_1", name: "find_trains", arguments: '{"to":"Wien"}' },
      { type: "function.result", tool_call_id: "call_1", result: '["08:10"]' },
    ],
  });
  await expect(preview(page).getByText(/tokens in/)).toHaveCount(2);
  await expect(page.getByLabel("Message to the draft")).toBeFocused();
});

test("an answer in the preview shows as it comes, can be stopped, and the next question is answered", async ({
  page,
}) => {
  const { workspace } = await signUp(page);
  // The free plan answers one request a second.
  await payFor(workspace.slice(1));
  await create(page, workspace, "Slow teacher");
  await slowDown(page, "/v1/conversations");
  await ask(page, "What is the capital of France?");
  const log = preview(page).getByRole("log");
  await expect(log.getByText("Agent: ")).toHaveCount(1);
  await expect(log.getByText(/tokens in/)).toHaveCount(0);
  await preview(page).getByRole("button", { name: "Stop" }).click();
  await expect(log.getByText("Stopped; what was written until then is billed")).toBeVisible();
  await ask(page, "And of Italy?");
  await expect(log.getByText(/tokens in/)).toHaveCount(1);
  await preview(page).getByRole("button", { name: "Start over" }).click();
  await expect(log.getByText("You: ")).toHaveCount(0);
  await expect(page.getByLabel("Message to the draft")).toBeFocused();
});

test("what is not saved is not left without asking", async ({ as }) => {
  const page = await as("founder");
  const workspace = workspaceOf("founder");
  const address = await create(page, workspace, "Careful");
  await page.getByLabel("Description").fill("Something new");
  await expect(page.getByText("Not saved yet")).toBeVisible();
  page.once("dialog", (asked) => asked.dismiss());
  await page.getByRole("link", { name: "Versions" }).click();
  await expect(page).toHaveURL(new RegExp(`${address}$`));
  page.once("dialog", (asked) => asked.accept());
  await page.getByRole("link", { name: "Versions" }).click();
  await expect(page.getByText("No versions yet")).toBeVisible();
});

test("who may use an agent and not change it reads what is published, and finds it by a part of its name", async ({
  as,
}) => {
  const page = await as("member");
  await visit(page, `${workspaceOf("member")}/agents`);
  await page.getByRole("searchbox", { name: "Name, handle or owner" }).fill("vel-plan");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\?q=vel-plan$/);
  await page.getByRole("table").getByRole("link", { name: "Travel planner" }).click();
  await expect(page.getByRole("heading", { name: "Instructions" })).toBeVisible();
  await expect(page.getByRole("link", { name: "About", exact: true })).toHaveAttribute("aria-current", "true");
  await expect(page.getByRole("button", { name: "Save draft" })).toHaveCount(0);
  await page.getByRole("button", { name: "More about this agent" }).click();
  await expect(page.getByRole("button", { name: "Duplicate…" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Delete…" })).toHaveCount(0);
});

test("T-4.2.2.2-ZDR4: an organization under zero retention is told why it cannot have agents", async ({ page }) => {
  const { workspace } = await signUp(page);
  await create(page, workspace, "Too late");
  await forgetEverythingOf(workspace.slice(1));
  await page.getByLabel("Instructions").fill("Keep this");
  await page.getByRole("button", { name: "Save draft" }).click();
  await expect(page.getByRole("status").getByText(/under zero retention/)).toBeVisible();
  page.once("dialog", (asked) => asked.accept());
  await visit(page, `${workspace}/agents`);
  await expect(page.getByText("No agents under zero retention")).toBeVisible();
  await expect(page.getByRole("button", { name: "Create agent" })).toHaveCount(0);
});
