import type { Page } from "@playwright/test";
import { workspaceOf } from "./accounts.ts";
import { expect, test } from "./fixtures.ts";
import { createKey, secretIn, statusOf } from "./keys.ts";

const expectRefusedAtOnce = (secret: string) =>
  expect.poll(() => statusOf(secret), { timeout: 1000, intervals: [50] }).toBe(401);

/** Takes the secret out of the dialog that shows it once, and closes it. */
async function store(page: Page, title: string): Promise<string> {
  const dialog = page.getByRole("dialog", { name: title });
  const secret = await secretIn(dialog);
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(dialog).toBeHidden();
  return secret;
}

test("T-4.2.1-KEY2: both keys work in the grace of a rotation, and who still uses the old one is named", async ({
  as,
}) => {
  const page = await as("founder");
  const name = `rotated-${Date.now()}`;
  const old = await createKey(page, workspaceOf("founder"), name);
  expect(await statusOf(old, "early-caller/1.0")).toBe(200);

  await page.getByRole("button", { name: "Rotate key" }).click();
  const dialog = page.getByRole("dialog", { name: `Rotate ${name}` });
  await expect(dialog.getByRole("radio", { name: /24 hours/ })).toBeChecked();
  await dialog.getByRole("button", { name: "Rotate key" }).click();
  const successor = await store(page, `New key for ${name}`);
  expect(successor).not.toBe(old);

  await expect(page.getByRole("heading", { name: "Still using the old key" })).toBeVisible();
  await expect(page.getByText("Nobody has used the old key since the rotation.")).toBeVisible();
  expect(await statusOf(successor, "moved-on/2.0")).toBe(200);
  expect(await statusOf(old, "legacy-worker/3.1")).toBe(200);
  const callers = page.getByRole("table", { name: "Callers" });
  // The log and its sums follow a call within a tenth of a second, and a page shows them as they were when it was made.
  await expect(async () => {
    await page.reload();
    const caller = callers.getByRole("row", { name: /legacy-worker\/3\.1/ });
    await expect(caller).toContainText("127.0.0.1", { timeout: 500 });
  }).toPass();
  await expect(callers).not.toContainText("early-caller");
  await expect(callers).not.toContainText("moved-on");

  const asking = page.getByRole("dialog", { name: `Revoke ${name}` });
  await expect(async () => {
    await page.reload();
    await page.getByRole("button", { name: "Revoke key" }).click();
    await expect(asking).toContainText("2 calls today", { timeout: 500 });
  }).toPass();
  await expect(asking.getByRole("button", { name: "Cancel" })).toBeFocused();
  await asking.getByRole("button", { name: "Revoke key" }).click();
  await expect(asking).toBeHidden();
  await expectRefusedAtOnce(old);
  expect(await statusOf(successor)).toBe(200);
  await expect(page.getByRole("button", { name: "Rotate key" })).toBeHidden();
});

test("T-4.2.1-KEY4: a key reported as leaked dies at once, has a successor, and its calls can be looked through", async ({
  as,
}) => {
  const page = await as("founder");
  const name = `leaked-${Date.now()}`;
  const leaked = await createKey(page, workspaceOf("founder"), name);
  const before = new Date(Date.now() - 60_000);
  expect(await statusOf(leaked, "stranger/0.1")).toBe(200);

  const dialog = page.getByRole("dialog", { name: `Report ${name} as leaked` });
  await expect(async () => {
    await page.reload();
    await page.getByRole("button", { name: "Report as leaked" }).click();
    await expect(dialog).toContainText("1 call today", { timeout: 500 });
  }).toPass();
  await dialog.getByRole("button", { name: "Revoke and replace key" }).click();
  const successor = await store(page, `Successor of ${name}`);
  await expectRefusedAtOnce(leaked);
  expect(await statusOf(successor)).toBe(200);

  await expect(page.getByRole("heading", { name: "This key was reported as leaked" })).toBeVisible();
  await page.reload();
  expect(await page.content()).not.toContain(successor.slice(8, -4));

  const since = page.getByLabel("Since (UTC)");
  await since.fill(before.toISOString().slice(0, 16));
  await page.getByRole("button", { name: "Show calls" }).click();
  const calls = page.getByRole("table", { name: "Requests" });
  await expect(calls.getByRole("row", { name: /Answered/ })).toHaveCount(1);
  await since.fill(new Date(Date.now() + 120_000).toISOString().slice(0, 16));
  await page.getByRole("button", { name: "Show calls" }).click();
  await expect(page.getByText("No calls since then.")).toBeVisible();
});
