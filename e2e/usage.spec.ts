import fs from "node:fs";
import { formatEuros } from "#lib/money.ts";
import { workspaceOf } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";

/** Euros as a decimal string, to pico-euros. */
function picoOf(text: string): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole) * 1_000_000_000_000n + BigInt(fraction.padEnd(12, "0"));
}

const count = (text: string): number => Number(text.replaceAll(",", ""));

for (const by of ["model", "key"] as const) {
  test(`the file of usage by ${by} adds up to what the page says`, async ({ as }) => {
    const page = await as("owner");
    await page.goto(`${workspaceOf("owner")}/usage?by=${by}`);
    await page.getByRole("link", { name: "Last month" }).click();
    await page.waitForURL(/from=\d{4}-\d\d-01&to=/);
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download CSV" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(new RegExp(`^usage-by-${by}-\\d{4}-\\d\\d-01-[\\d-]{10}\\.csv$`));
    const [head, ...lines] = fs
      .readFileSync(await download.path(), "utf8")
      .trimEnd()
      .split("\r\n");
    expect(head).toBe(`day,${by}_id,${by},requests,failed,prompt_tokens,cached_tokens,completion_tokens,cost_eur`);
    expect(lines.length).toBeGreaterThan(20);
    const rows = lines.map((line) => line.split(","));
    const pico = rows.reduce((sum, row) => sum + picoOf(row[8] ?? ""), 0n);
    const requests = rows.reduce((sum, row) => sum + Number(row[3]), 0);

    // The chart's own figure for the whole range, and the table under it.
    const chart = page.getByRole("slider");
    await expect(chart).toHaveAttribute("aria-valuetext", new RegExp(`: ${escaped(formatEuros(pico))}(,|$)`));
    const totals = page.getByRole("table", { name: `Usage by ${by}` }).getByRole("row");
    const shown = await totals.evaluateAll((rows) =>
      rows.slice(1).map((row) => row.querySelector("td")?.textContent ?? ""),
    );
    expect(shown.reduce((sum, text) => sum + count(text), 0)).toBe(requests);
  });
}

const escaped = (text: string): string => text.replace(/[.$]/g, "\\$&");

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
  const today = new Date();
  const day = (back: number) => new Date(today.getTime() - back * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel("From day (UTC)").fill(day(12));
  await page.getByLabel("To day (UTC)").fill(day(10));
  await page.getByRole("button", { name: "Show" }).click();
  await page.waitForURL(new RegExp(`from=${day(12)}&to=${day(10)}`));
  expect(new URL(page.url()).searchParams.get("by")).toBe("key");
  expect(new URL(page.url()).searchParams.get("view")).toBe("table");

  await page.reload();
  const table = page.getByRole("table", { name: "Usage by day and key" });
  const days = async () => [...new Set(await table.getByRole("rowheader").allTextContents())].toSorted();
  await expect.poll(days).toEqual([day(12), day(11), day(10)]);
  await page.getByRole("link", { name: "View as chart" }).click();
  await expect(page.getByRole("slider", { name: /^Tokens by day/ })).toBeVisible();
});

test("days nobody used are not an empty workspace", async ({ as }) => {
  const page = await as("owner");
  await page.goto(`${workspaceOf("owner")}/usage?from=2020-01-01&to=2020-01-07`);
  await expect(page.getByText("Nothing in these days")).toBeVisible();
  await page.getByRole("link", { name: "Show the last 30 days" }).click();
  await page.waitForURL(/\/usage$/);
  await expect(page.getByRole("slider")).toBeVisible();
});

test("the chart reads out single days to the arrow keys", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/usage`);
  const chart = page.getByRole("slider");
  const whole = await chart.getAttribute("aria-valuetext");
  await chart.focus();
  await page.keyboard.press("Home");
  await expect(chart).toHaveAttribute("aria-valuenow", "0");
  const first = await chart.getAttribute("aria-valuetext");
  await page.keyboard.press("ArrowRight");
  await expect(chart).toHaveAttribute("aria-valuenow", "1");
  expect(await chart.getAttribute("aria-valuetext")).not.toBe(first);
  expect(first).not.toBe(whole);
});
