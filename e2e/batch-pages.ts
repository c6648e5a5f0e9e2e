import { expect, type Page } from "@playwright/test";
import { workspaceOf } from "./accounts.ts";
import { visit } from "./fixtures.ts";
import { ofWorkspace, type Sight } from "./sight.ts";

const line = (name: string, body: object): string => `${JSON.stringify({ custom_id: name, body })}\n`;
const question = (content: string) => ({ messages: [{ role: "user", content }], max_tokens: 16 });

/** Two requests that can be answered, and one of no model there is. */
export const requests =
  line("france", question("What is the capital of France?")) +
  line("wrong", { model: "no-such-model", ...question("Hello") }) +
  line("italy", question("What is the capital of Italy?"));

/** Uploads a file of requests on the page of a new batch. */
export async function uploadRequests(page: Page, workspace: string, name = "questions.jsonl"): Promise<void> {
  await visit(page, `${workspace}/batch/new`);
  const file = { name, mimeType: "application/jsonl", buffer: Buffer.from(requests) };
  await page.getByLabel("Choose files").setInputFiles(file);
  await expect(page.getByText("Uploaded and checked")).toBeVisible({ timeout: 20_000 });
}

/** Chooses it and a model, and looks at what it costs at most. */
export async function estimateBatch(page: Page): Promise<void> {
  await page.getByLabel("Model").selectOption("tiny-chat-1");
  await page.getByRole("button", { name: "Estimate" }).click();
  await expect(page.getByRole("heading", { name: "Estimate" })).toBeVisible();
}

async function finishedBatch(page: Page): Promise<string> {
  await uploadRequests(page, workspaceOf("owner"), "looked-at.jsonl");
  await estimateBatch(page);
  await page.getByRole("button", { name: "Begin" }).click();
  await page.waitForURL(/\/batch\/bat_\w+$/);
  await expect(page.getByRole("link", { name: "Download the answers" })).toBeVisible({ timeout: 30_000 });
  return new URL(page.url()).pathname;
}

async function chosenBatch(page: Page): Promise<string> {
  await uploadRequests(page, workspaceOf("owner"), "chosen.jsonl");
  await estimateBatch(page);
  const { pathname, search } = new URL(page.url());
  return pathname + search;
}

export const batchSights: readonly Sight[] = [
  { route: "/[workspace]/batch/[batch]", role: "owner", at: finishedBatch },
  { route: "/[workspace]/batch/new", state: "with choices", role: "owner", at: chosenBatch },
  ofWorkspace("owner", "batch/new"),
  ofWorkspace("owner", "batch"),
  ofWorkspace("owner", "batch", "nothing found", "batch?q=no-such-batch"),
  ofWorkspace("free", "batch", "empty"),
  ofWorkspace("member", "batch", "refused"),
];
