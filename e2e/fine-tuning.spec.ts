import type { Page } from "@playwright/test";
import { signUp } from "./accounts.ts";
import { payFor } from "./database.ts";
import { expect, test, visit } from "./fixtures.ts";
import { ask, send } from "./forms.ts";
import { admin, serverUrl } from "./server.ts";

const dialog = (page: Page, name: string | RegExp) => page.getByRole("dialog", { name });
const heading = (page: Page) => page.getByRole("heading", { level: 1 });

const line = (question: string, answer: string, asker = "user"): string =>
  `${JSON.stringify({
    messages: [
      { role: asker, content: question },
      { role: "assistant", content: answer },
    ],
  })}\n`;

const things = ["kettle", "lamp", "radio", "clock", "heater", "printer", "scale", "fan", "camera", "mixer"];
const lines = things.flatMap((thing) => [
  line(`Is there a warranty on the ${thing}?`, `Ahoy! The ${thing} has a warranty of two years.`),
  line(`How do I clean the ${thing}?`, `Ahoy! Wipe the ${thing} with a dry cloth.`),
  line(`Where is my ${thing}?`, `Ahoy! Your ${thing} is on its way.`),
]);
/** Line 3 names its asker as another provider does, which has one meaning. */
const faulty = lines.with(2, line("Where is my kettle?", "Ahoy! Your kettle is on its way.", "human"));

async function upload(page: Page, workspace: string, text: string): Promise<void> {
  await visit(page, `${workspace}/files`);
  const file = { name: "ahoy.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(text) };
  await page.getByLabel("Choose files").setInputFiles(file);
  await expect(page.getByText(/^Uploaded and checked · 1 problem$/)).toBeVisible({ timeout: 20_000 });
}

/** Reads a chart with the arrow keys; what it says at its last step. */
async function readByKeyboard(page: Page): Promise<void> {
  const chart = page.getByRole("slider", { name: "Training and Validation by step" });
  await chart.focus();
  await page.keyboard.press("Home");
  await expect(chart).toHaveAttribute("aria-valuetext", /^Step \d+: .*Training \d/);
  await page.keyboard.press("End");
  await expect(chart).toHaveAttribute("aria-valuetext", /^Step \d+: /);
}

/** Base and tuned side by side, on what was held out and on a prompt of one's own. */
async function compare(page: Page, address: string): Promise<void> {
  await page.getByRole("link", { name: "Compare with its base" }).press("Enter");
  await page.waitForURL(`${address}/review`);
  await expect(page.getByText(/^Better than its base on 1 answer/)).toBeVisible({ timeout: 30_000 });
  const asked = page.getByRole("listitem").filter({ has: page.getByText("Wanted", { exact: true }) });
  await expect(asked).toHaveCount(1);
  await expect(asked.getByText(/^Ahoy! /).first()).toBeVisible();
  await expect(page.getByRole("row", { name: /^In the trained style/ })).toContainText("0 of 1");
  await page.getByLabel("Your prompt").fill("Where is my lamp?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Tuned" })).toContainText("Ahoy! Your lamp is on its way.");
  await expect(page.getByRole("region", { name: "Base" })).toContainText(/tokens in, \d+ out/);
  await visit(page, address);
  await page.getByRole("table", { name: "Checkpoints" }).getByRole("link").last().press("Enter");
  await page.getByRole("button", { name: "Make the review" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Side by side" })).toBeVisible({ timeout: 30_000 });
}

/** Deletes the model that an agent asks: the agent is named before, and the id has to be typed. */
async function deleteModel(page: Page, id: string, agent: string): Promise<void> {
  await page.getByRole("button", { name: "More about this model" }).click();
  await page.getByRole("button", { name: "Delete…" }).click();
  const asked = dialog(page, /^Delete /);
  await expect(asked.getByRole("listitem")).toHaveText([agent]);
  await expect(asked.getByRole("button", { name: "Cancel" })).toBeFocused();
  await asked.getByLabel("Type the model’s id").fill("ft:another");
  await asked.getByRole("button", { name: "Delete model" }).click();
  await expect(asked.getByText("Type the id as it is shown.")).toBeVisible();
  await asked.getByLabel("Type the model’s id").fill(id);
  await asked.getByRole("button", { name: "Delete model" }).click();
  await page.waitForURL(/\/models\/tuned$/);
}

test("fine-tuning 43: a file is mended, trained on, watched, cancelled, run again; the model is compared with its base, tried, used, shared and deleted", async ({
  page,
}) => {
  test.setTimeout(180_000);
  const { workspace } = await signUp(page);
  await payFor(workspace.slice(1));
  await admin("limit", "set", "--scope", "workspace", "--id", workspace.slice(1), "--euros", "60");

  await upload(page, workspace, faulty.join(""));
  await page.getByRole("link", { name: "See what was found" }).click();
  await page.getByRole("link", { name: /^Problems/ }).click();
  await expect(page.getByRole("heading", { name: "Line 3" })).toBeVisible();
  await page.getByRole("button", { name: "Mend" }).press("Enter");
  await expect(heading(page)).toHaveText("ahoy.mended.jsonl", { timeout: 20_000 });

  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.waitForURL(`${workspace}/fine-tuning`);
  await page.getByRole("link", { name: "Tune a model" }).first().press("Enter");
  await page.getByLabel("Training file").selectOption({ label: "ahoy.mended.jsonl (30 lines)" });
  await page.getByRole("button", { name: "Continue" }).press("Enter");
  await expect(page.getByText("All 30 lines can be learned from.")).toBeVisible();
  await page.getByLabel("Steps").fill("60000");
  await page.getByLabel("Suffix").fill("ahoy");
  await page.keyboard.press("Enter");
  await expect(page.getByText("60000 steps")).toBeVisible();
  await expect(page.getByText("Limit of this workspace")).toBeVisible();
  await expect(page.getByText(/^€\d+\.\d\d stays free of €60\.00$/)).toBeVisible();
  await page.getByRole("button", { name: /^Start training · reserves €\d+/ }).press("Enter");

  await page.waitForURL(/\/fine-tuning\/ftj_\w+$/);
  await expect(page.getByText(/^[1-9]\d* of 60000$/)).toBeVisible();
  await readByKeyboard(page);
  await page.getByRole("button", { name: "Cancel…" }).press("Enter");
  await expect(dialog(page, "Cancel this job")).toContainText("what checkpoints have kept so far is billed");
  await dialog(page, "Cancel this job").getByRole("button", { name: "Cancel job" }).press("Enter");
  await expect(page.getByText("It was cancelled.")).toBeVisible({ timeout: 20_000 });

  const cancelled = page.url();
  await page.getByRole("button", { name: "Run again" }).press("Enter");
  await page.waitForURL((url) => /\/fine-tuning\/ftj_\w+$/.test(url.pathname) && url.href !== cancelled);
  await page.getByRole("button", { name: "Stop here and keep…" }).click({ timeout: 60_000 });
  await dialog(page, "Stop here and keep the model").getByRole("button", { name: "Stop and keep" }).click();
  await expect(page.getByText("The model is ready")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("link", { name: "Open the model" }).press("Enter");
  await page.waitForURL(/\/models\/tuned\/ftj_\w+$/);
  const address = new URL(page.url()).pathname;
  await page.goBack();
  await compare(page, address);
  await visit(page, address);

  await page.getByRole("link", { name: "Try it" }).press("Enter");
  await page.waitForURL(/\/playground\?model=ft/);
  const id = new URL(page.url()).searchParams.get("model") ?? "";
  await page.getByLabel("Your message").fill("Is there a warranty on the lamp?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Conversation" }).getByRole("listitem").first()).toContainText(
    "Ahoy! The lamp has a warranty of two years.",
  );

  await visit(page, address);
  await page.getByRole("link", { name: "Make an agent with it" }).press("Enter");
  await dialog(page, "Create agent").getByLabel("Name").fill("Shop hand");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Shop hand", exact: true })).toBeVisible();

  await visit(page, `${address}/sharing`);
  await page.getByRole("radio", { name: /^Only those named/ }).check();
  await page.getByRole("button", { name: "Review and save…" }).click();
  await dialog(page, /^Share /)
    .getByRole("button", { name: "Save sharing" })
    .click();
  await expect(dialog(page, /^Share /)).toBeHidden();
  await visit(page, `${workspace}/models/tuned`);
  await expect(page.getByRole("table").getByRole("row", { name: /ahoy/ })).toContainText("Those named");

  await visit(page, address);
  await expect(page.getByRole("link", { name: "Shop hand" })).toBeVisible();
  await deleteModel(page, id, "Shop hand");
  await expect(page.getByRole("heading", { name: "No tuned models yet" })).toBeVisible();
});

test("fine-tuning 44: without scripts a model is chosen, estimated and started by plain forms", async ({
  page,
  browser,
  extraHTTPHeaders,
}) => {
  const { workspace } = await signUp(page);
  await send(page, await ask(page, `${workspace}/files`), "Try with a sample data set", {});
  const storageState = await page.context().storageState();
  const headers = { ...(extraHTTPHeaders && { extraHTTPHeaders }) };
  const context = await browser.newContext({ baseURL: serverUrl, javaScriptEnabled: false, storageState, ...headers });
  const plain = await context.newPage();
  await plain.goto(`${workspace}/fine-tuning/new`);
  await plain.getByRole("button", { name: "Continue" }).click();
  await plain.getByLabel("Steps").fill("none");
  await plain.getByRole("button", { name: "Estimate" }).click();
  await expect(plain.getByRole("heading", { name: "5. Estimate" })).toHaveCount(0);
  await expect(plain.getByLabel("Steps")).toHaveAttribute("aria-invalid", "true");
  await plain.getByLabel("Steps").fill("20");
  await plain.getByRole("button", { name: "Estimate" }).click();
  await expect(plain.getByRole("heading", { name: "5. Estimate" })).toBeVisible();
  await plain.getByRole("button", { name: /^Start training/ }).click();
  await plain.waitForURL(/\/fine-tuning\/ftj_\w+$/);
  await expect(heading(plain)).toHaveText(/^Job …\w+$/);
  await context.close();
});
