import fs from "node:fs";
import { signUp, workspaceOf } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { createKey } from "./keys.ts";
import { giveReason } from "./looks.ts";
import { admin } from "./server.ts";

test("an admin finds who changed what, down to the values, in pages and in files; the chain holds", async ({
  page,
}) => {
  const { workspace } = await signUp(page);
  await createKey(page, workspace, "bakery-site");
  await visit(page, `${workspace}/home`);
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.waitForURL(`${workspace}/organization/audit`);
  await expect(page.getByText(/^Verified up to row \d+: no row was changed/)).toBeVisible();
  const log = page.getByRole("table", { name: "Audit log" });
  await expect(log.getByRole("row").nth(1)).toContainText("bakery-site · API key createdNadia Quist");

  await page.getByRole("combobox", { name: "Action" }).selectOption("Organization created");
  await page.waitForURL(/action=organization\.create/);
  await expect(log.getByRole("link", { name: "Quist Bakeries · organization created" })).toBeVisible();
  await expect(log.getByRole("link", { name: "API key created" })).toHaveCount(0);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV" }).click();
  const text = fs.readFileSync(await (await downloading).path(), "utf8");
  const [head, ...rows] = text.trim().split("\r\n");
  expect(head).toBe(
    "row,id,at,workspace_id,actor_kind,actor_id,actor,action,object_type,object_id,before,after,clause,address,client,previous_hash,hash",
  );
  expect(rows).toHaveLength(1);
  const file = await page.request.get(`${workspace}/organization/audit/json`);
  const kept: { row: number; hash: string; previous_hash: string }[] = await file.json();
  expect(kept.map(({ row }) => row)).toEqual(kept.map((_, i) => i + 1));
  expect(kept.slice(1).map((row) => row.previous_hash)).toEqual(kept.slice(0, -1).map(({ hash }) => hash));

  await page.getByRole("link", { name: "Clear filters" }).click();
  await log.getByRole("link", { name: "bakery-site · API key created" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "bakery-site · API key created" })).toBeVisible();
  await expect(page.getByText("api_key.create", { exact: true })).toBeVisible();
  const changed = page.getByRole("table", { name: "What changed" });
  await expect(changed.getByRole("row", { name: /^name/ })).toContainText("nothingbakery-site");
  await expect(page.getByText("T-4.2.1-KEY1, in the terms")).toBeVisible();

  await page.getByRole("link", { name: "Settings" }).click();
  const organization = await page.getByText(/^org_\w{26}$/).innerText();
  const verdicts = await admin<{ holds: boolean; rows: number }[]>("audit", "verify", "--organization", organization);
  expect(verdicts).toMatchObject([{ holds: true, rows: kept.length }]);
});

test("an observability viewer sees the own workspace's rows, others are told who can", async ({ as }) => {
  const viewer = await as("billing");
  await viewer.goto(`${workspaceOf("billing")}/organization/audit`);
  await expect(viewer.getByText("Who changed what in this workspace")).toBeVisible();
  const actions = viewer.getByRole("table", { name: "Audit log" }).getByRole("rowheader");
  await expect(actions.filter({ hasText: "API key created" }).first()).toBeVisible();
  await expect(actions.filter({ hasText: /seen by our staff|our staff gave/ })).toHaveCount(0);
  const member = await as("member");
  await member.goto(`${workspaceOf("member")}/organization/audit`);
  await expect(member.getByText("You may not read the audit log")).toBeVisible();
  const file = await member.request.get(`${workspaceOf("member")}/organization/audit/csv`);
  expect(file.status()).toBe(403);
  expect((await member.request.get(`${workspaceOf("free")}/organization/audit/csv`)).status()).toBe(404);
});

test("staff open a customer's letter with a reason only, and the customer's log has it within a second", async ({
  as,
}) => {
  const customer = await as("visitor");
  const { workspace, email } = await signUp(customer);
  const staff = await as("support");
  await visit(staff, `/staff/notices?recipient=${encodeURIComponent(email)}`);
  const row = staff.getByRole("table", { name: "Letters" }).getByRole("rowheader");
  await expect(row).toHaveText("account.confirm-email");
  await row.getByRole("link").click();
  await expect(staff.getByRole("heading", { name: "Why do you look at Quist Bakeries?" })).toBeVisible();
  await expect(staff.getByText("What became of it")).toHaveCount(0);
  await staff.getByRole("button", { name: "Look for 30 minutes" }).click();
  await expect(staff.getByText("Choose a reason.")).toBeVisible();
  await giveReason(staff, "No letter to confirm the address arrived.");
  const began = Date.now();
  await expect(staff.getByRole("heading", { name: "What became of it" })).toBeVisible();

  await customer.goto(`${workspace}/organization/audit?kind=staff`);
  const log = customer.getByRole("table", { name: "Audit log" });
  await expect(log.getByRole("row", { name: /seen by our staff/ })).toContainText("Noor Haddad");
  expect(Date.now() - began).toBeLessThan(5000);
  await log.getByRole("link", { name: /seen by our staff/ }).click();
  await expect(customer.getByText("No letter to confirm the address arrived.")).toBeVisible();

  await staff.getByRole("region", { name: "Open looks" }).getByRole("button", { name: "End look" }).first().click();
  await expect(staff.getByRole("heading", { name: "Why do you look at Quist Bakeries?" })).toBeVisible();
});
