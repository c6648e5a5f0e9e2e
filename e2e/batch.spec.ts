import fs from "node:fs";
import type { Page } from "@playwright/test";
import { signUp } from "./accounts.ts";
import { estimateBatch, uploadRequests } from "./batch-pages.ts";
import { expect, test, visit } from "./fixtures.ts";
import { createKey } from "./keys.ts";

async function downloaded(page: Page, name: string): Promise<Record<string, unknown>[]> {
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name }).click();
  const text = fs.readFileSync(await (await download).path(), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

test("batch 14: a file of requests is uploaded, estimated, asked, followed, downloaded, asked again and deleted", async ({
  page,
}) => {
  const { workspace } = await signUp(page);
  await visit(page, `${workspace}/batch`);
  await expect(page.getByRole("heading", { name: "No batches yet" })).toBeVisible();
  await expect(page.getByText(/curl .*(?<!\/v1)\/v1\/batch\/jobs/)).toBeVisible();
  await createKey(page, workspace, "batches");
  await uploadRequests(page, workspace);
  await estimateBatch(page);
  await expect(page.getByText("1 line: no model, or one that is not there")).toBeVisible();
  await page.getByRole("button", { name: "Begin" }).click();
  await page.waitForURL(/\/batch\/bat_\w+$/);
  // The page follows the batch by itself.
  await expect(page.getByRole("link", { name: "Download the answers" })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("Done", { exact: true })).toBeVisible();
  await expect(page.getByRole("row", { name: /invalid_model \(400\)/ })).toBeVisible();
  const answers = await downloaded(page, "Download the answers");
  expect(answers.map(({ custom_id }) => custom_id)).toEqual(["france", "italy"]);
  expect((await downloaded(page, "Download the errors")).map(({ custom_id }) => custom_id)).toEqual(["wrong"]);

  const first = page.url();
  await page.getByRole("button", { name: "Run again" }).click();
  await page.waitForURL((url) => url.href !== first);
  await expect(page.getByRole("link", { name: "Download the answers" })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete batch" }).click();
  await page.waitForURL(/\/batch$/);
  await expect(page.getByRole("row", { name: /questions\.jsonl/ })).toHaveCount(1);
  await visit(page, `${workspace}/batch?state=failed`);
  await expect(page.getByRole("row", { name: /questions\.jsonl/ })).toHaveCount(0);
});
