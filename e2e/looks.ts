import type { Page } from "@playwright/test";
import { expect } from "./fixtures.ts";

/** Gives the reason that opens a customer's data, in the form of a page or of a dialog. */
export async function giveReason(page: Page, words: string, reason = "The customer asked for help"): Promise<void> {
  await page.getByLabel("Reason").selectOption({ label: reason });
  await page.getByLabel("What you look for").fill(words);
  await page.getByRole("button", { name: "Look for 30 minutes" }).click();
  await expect(page.getByRole("region", { name: "Open looks" }).getByText(words).first()).toBeVisible();
}
