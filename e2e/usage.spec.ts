import fs from "node:fs";
import { formatEuros } from "#lib/core/money.ts";
import { workspaceOf } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";

/** Euros as a decimal string, to pico-euros. */
function picoOf(text: string): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole) * 1_000_000_000_000n + BigInt(fraction.padEnd(12, "0"));
}

const count = (text: string): number => Number(text.replaceAll(",", ""));
const escaped = (text: string): string => text.replace(/[.$]/g, "\\$&");
const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);

const heads = {
  model: "day,workspace_id,workspace,model",
  key: "day,workspace_id,workspace,key_id,key",
  end_user: "day,workspace_id,workspace,end_user",
  workspace: "day,workspace_id,workspace",
} as const;
const figures = "requests,failed,prompt_tokens,cached_tokens,completion_tokens,cost_eur";

for (const by of ["model", "key", "end_user", "workspace"] as const) {
  const noun = by.replace("_", " ");
  test(`the files of usage by ${noun} add up to what the page says, and to the invoice`, async ({ as }) => {
    const page = await as("owner");
    await page.goto(`${workspaceOf("owner")}/usage?by=${by}&workspace=all`);
    await page.getByRole("link", { name: "Last month" }).click();
    await page.waitForURL(/from=\d{4}-\d\d-01&to=/);
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download CSV" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(
      new RegExp(`^usage-by-${noun.replace(" ", "-")}-\\d{4}-\\d\\d-01-[\\d-]{10}\\.csv$`),
    );
    const text = fs.readFileSync(await download.path(), "utf8");
    const [head, ...lines] = text.trimEnd().split("\r\n");
    // Spreadsheets take a file for UTF-8 only where its first character says so.
    expect(head).toBe(`\ufeff${heads[by]},${figures}`);
    expect(lines.length).toBeGreaterThan(20);
    const rows = lines.map((line) => line.split(","));
    const pico = rows.reduce((sum, row) => sum + picoOf(row.at(-1) ?? ""), 0n);
    const requests = rows.reduce((sum, row) => sum + Number(row.at(-6)), 0);

    // The chart's own figure for the whole range, the table under it, and the counter of the invoice.
    const chart = page.getByRole("slider");
    await expect(chart).toHaveAttribute("aria-valuetext", new RegExp(`: ${escaped(formatEuros(pico))}(,|$)`));
    const totals = page.getByRole("table", { name: `Usage by ${noun}` });
    const cells = totals.getByRole("row", { name: "Total" }).getByRole("cell");
    expect(count((await cells.first().textContent()) ?? "")).toBe(requests);
    const shown = await totals
      .getByRole("row")
      .evaluateAll((rows) => rows.slice(1, -1).map((row) => row.querySelector("td")?.textContent ?? ""));
    expect(shown.reduce((sum, text) => sum + count(text), 0)).toBe(requests);
    await expect(page.getByText(`bills: ${formatEuros(pico)}`)).toBeVisible();

    const json = (await page.getByRole("link", { name: "Download JSON" }).getAttribute("href")) ?? "";
    const list = (await (await page.request.get(json)).json()) as { requests: number; cost_eur: string }[];
    expect(list.reduce((sum, row) => sum + picoOf(row.cost_eur), 0n)).toBe(pico);
    expect(list.reduce((sum, row) => sum + row.requests, 0)).toBe(requests);
  });
}

test("the days, the grouping, the measure and the view are in the address, so that a reload shows the same", async ({
  as,
}) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/usage`);
  await page.getByRole("link", { name: "By key" }).click();
  await page.waitForURL(/by=key/);
  await page.getByRole("link", { name: "Tokens" }).click();
  await page.waitForURL(/measure=tokens/);
  await page.getByRole("link", { name: "View as table" }).click();
  await page.waitForURL(/view=table/);
  await page.getByLabel("From day (UTC)").fill(day(12));
  await page.getByLabel("To day (UTC)").fill(day(10));
  await page.waitForURL((url) => url.searchParams.get("from") === day(12) && url.searchParams.get("to") === day(10));
  expect(new URL(page.url()).searchParams.get("by")).toBe("key");
  expect(new URL(page.url()).searchParams.get("view")).toBe("table");

  await page.reload();
  const table = page.getByRole("table", { name: "Usage by day and key" });
  const days = async () => [...new Set(await table.getByRole("rowheader").allTextContents())].toSorted();
  await expect.poll(days).toEqual([day(12), day(11), day(10)]);
  await page.getByRole("link", { name: "View as chart" }).click();
  await expect(page.getByRole("slider", { name: /^Tokens by day/ })).toBeVisible();
});

test("a few days are told by the hour, and a filter leaves one model", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/usage`);
  await page.getByRole("link", { name: "7 days", exact: true }).click();
  await page.getByRole("link", { name: "Hours" }).click();
  await page.waitForURL(/grain=hour/);
  await expect(page.getByRole("slider", { name: /^Cost by hour/ })).toHaveAttribute(
    "aria-valuemax",
    String(7 * 24 - 1),
  );
  await page.getByLabel("Model", { exact: true }).selectOption("tiny-embed-1");
  await page.waitForURL(/model=tiny-embed-1/);
  await page.getByLabel("Compare").selectOption("Do not compare");
  await page.waitForURL(/compare=none/);
  const totals = page.getByRole("table", { name: "Usage by model" });
  await expect(totals.getByRole("rowheader")).toHaveText(["tiny-embed-1", "Total"]);
  await expect(totals.getByRole("columnheader", { name: "Change" })).toHaveCount(0);
  await page.getByRole("link", { name: "30 days" }).click();
  await expect(page.getByRole("slider", { name: /^Cost by day/ })).toBeVisible();
  await expect(page.getByText("Hours can be seen for up to 14 days.")).toBeVisible();
});

test("the person who has a workspace's right alone is not shown the organization's", async ({ as }) => {
  const page = await as("dev");
  await page.goto(`${workspaceOf("dev")}/usage?workspace=all&by=workspace`);
  await expect(page.getByText(/of this workspace by day/)).toBeVisible();
  await expect(page.getByRole("link", { name: "By workspace" })).toHaveCount(0);
  await expect(page.getByLabel("Workspace", { exact: true })).toHaveCount(0);
  const file = await page.request.get(`${workspaceOf("dev")}/usage/json?workspace=all&by=key`);
  const places = new Set(((await file.json()) as { workspace_id: string }[]).map((row) => row.workspace_id));
  expect([...places]).toEqual([workspaceOf("dev").slice(1)]);

  const member = await as("member");
  const refused = await member.request.get(`${workspaceOf("member")}/usage/csv`);
  expect(refused.status()).toBe(403);
  expect(await refused.text()).toMatch(/see usage and cost/);
});

test("days no one used are not an empty workspace", async ({ as }) => {
  const page = await as("owner");
  await page.goto(`${workspaceOf("owner")}/usage?from=2020-01-01&to=2020-01-07`);
  await expect(page.getByText("Nothing in these days")).toBeVisible();
  await page.getByRole("link", { name: "Show the last 30 days" }).click();
  await page.waitForURL(/\/usage$/);
  await expect(page.getByRole("slider")).toBeVisible();
});

test("the chart reads out single days to the arrow keys, with the period before", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/usage`);
  const chart = page.getByRole("slider");
  const whole = await chart.getAttribute("aria-valuetext");
  expect(whole).toMatch(/before €/);
  await chart.focus();
  await page.keyboard.press("Home");
  await expect(chart).toHaveAttribute("aria-valuenow", "0");
  const first = await chart.getAttribute("aria-valuetext");
  await page.keyboard.press("ArrowRight");
  await expect(chart).toHaveAttribute("aria-valuenow", "1");
  expect(await chart.getAttribute("aria-valuetext")).not.toBe(first);
  expect(first).not.toBe(whole);
});

test("the explorer can be used from the keyboard alone", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/usage`);
  await page.keyboard.press("/");
  await expect(page.getByLabel("From day (UTC)")).toBeFocused();
  await page.getByLabel("From day (UTC)").fill(day(4));
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`from=${day(4)}`));
  await page.getByRole("link", { name: "By end user" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/by=end_user/);
  await expect(page.getByRole("table", { name: "Usage by end user" })).toBeVisible();
});
