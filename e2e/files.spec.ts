import fs from "node:fs";
import type { Page } from "@playwright/test";
import { signUp } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";

const talk = (question: string, answer: string, role = "assistant"): string =>
  `${JSON.stringify({
    messages: [
      { role: "user", content: question },
      { role, content: answer },
    ],
  })}\n`;

/** Two of three lines have a role that is not known, so the file is refused. */
const wrong =
  talk("Where is my parcel?", "On its way.", "bot") + talk("And mine?", "Here.", "bot") + talk("Open today?", "Yes.");

async function send(page: Page, name: string, text: string): Promise<void> {
  await page
    .getByLabel("Choose files")
    .setInputFiles({ name, mimeType: "application/jsonl", buffer: Buffer.from(text) });
}

test("T-4.2.3-1, fine-tuning 43: a data set that is refused shows why by line, is mended, linked to and deleted", async ({
  page,
}) => {
  const { workspace } = await signUp(page);
  await visit(page, `${workspace}/files`);
  await expect(page.getByRole("heading", { name: "No files yet" })).toBeVisible();
  await send(page, "parcels.jsonl", wrong);
  await expect(page.getByText("Uploaded and checked · 2 problems")).toBeVisible();
  await expect(page.getByRole("row", { name: /parcels\.jsonl/ }).getByText("Refused")).toBeVisible();
  await page.getByRole("link", { name: "See what was found" }).click();
  await expect(page.getByText("This file was refused")).toBeVisible();
  await page.getByRole("link", { name: "Problems (2)" }).click();
  await expect(
    page.getByText("messages.1.role is bot; system, user, assistant and tool are known.").first(),
  ).toBeVisible();
  await page.getByRole("button", { name: "Mend" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "parcels.mended.jsonl" })).toBeVisible();
  await expect(page.getByText("Ready")).toBeVisible();
  await page.getByRole("link", { name: "Problems" }).click();
  await expect(page.getByRole("heading", { name: "No problems" })).toBeVisible();

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  expect(fs.readFileSync(await (await download).path(), "utf8")).toBe(wrong.replaceAll('"bot"', '"assistant"'));

  await page.getByRole("button", { name: "Link", exact: true }).click();
  await page.getByRole("button", { name: "Make link" }).click();
  const link = await page.getByRole("dialog").getByRole("code").innerText();
  expect((await fetch(link)).status).toBe(200);
  await page.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).last().click();

  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete file" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Files" })).toBeVisible();
  await expect(page.getByRole("link", { name: "parcels.mended.jsonl" })).toHaveCount(0);
  expect((await fetch(link)).status).toBe(404);
});

test("fine-tuning 2: an upload is paused, goes on where it was, and survives a network that breaks off", async ({
  page,
  faults,
}) => {
  faults.allow(/ERR_CONNECTION_RESET/);
  // What came before the pause may still be on its way into storage when the next part begins.
  faults.allow(/status of 409/);
  const { workspace } = await signUp(page);
  await visit(page, `${workspace}/files`);
  let parts = 0;
  await page.route("**/v1/uploads/*", async (route) => {
    // The second part never arrives.
    if (route.request().method() === "PATCH" && ++parts === 2) await route.abort("connectionreset");
    else await route.continue();
  });
  const lines = Array.from({ length: 120_000 }, (_, n) => talk(`Where is parcel ${n}?`, `Parcel ${n} is on its way.`));
  await send(page, "many.jsonl", lines.join(""));
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText(/^Paused at /)).toBeVisible();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("Uploaded and checked")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("row", { name: /many\.jsonl/ }).getByText("120,000")).toBeVisible();
});

test("fine-tuning: a newcomer tries with the sample data set and reads it as conversations", async ({ page }) => {
  const { workspace } = await signUp(page);
  await visit(page, `${workspace}/home`);
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await page.getByRole("button", { name: "Try with a sample data set" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "help-desk-sample.jsonl" })).toBeVisible();
  await expect(
    page.getByText("Good day! Hold the button of the kettle for ten seconds, then try again."),
  ).toBeVisible();
  await page.getByRole("link", { name: "Statistics" }).click();
  await expect(page.getByText("60 conversations")).toBeVisible();
});
