import { costOf, formatEuros, micros } from "#lib/money.ts";
import { workspaceOf } from "./accounts.ts";
import { expect, test } from "./fixtures.ts";

test("the filters of the log are in its address and can be cleared", async ({ as }) => {
  const page = await as("owner");
  await page.goto(`${workspaceOf("owner")}/logs`);
  await page.getByLabel("Model").selectOption("tiny-embed-1");
  await page.getByLabel("Outcome").selectOption("Refused");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.waitForURL(/model=tiny-embed-1&key=&outcome=refused/);
  const rows = page.getByRole("table", { name: "Requests" }).locator("tbody").getByRole("row");
  const others = async () => (await rows.allTextContents()).filter((text) => !/tiny-embed-1.*Refused 422/.test(text));
  await expect(rows).not.toHaveCount(0);
  await expect.poll(others).toEqual([]);
  await expect(page.getByLabel("Model")).toHaveValue("tiny-embed-1");

  await page.getByRole("link", { name: "Clear filters" }).click();
  await page.waitForURL(/\/logs$/);
  await expect(rows).toHaveCount(50);
});

test("a filter that nothing matches is not an empty log", async ({ as }) => {
  const page = await as("owner");
  await page.goto(`${workspaceOf("owner")}/logs?model=no-such-model`);
  await expect(page.getByText("No requests match")).toBeVisible();
  await expect(page.getByRole("link", { name: "Clear filters" }).first()).toBeVisible();
});

test("older and newer pages follow each other without a gap or a repeat", async ({ as }) => {
  const page = await as("owner");
  // Only what has ended can be paged through while others work: this key was revoked long ago.
  await page.goto(`${workspaceOf("owner")}/keys`);
  const key = ((await page.getByRole("link", { name: "old-prototype" }).getAttribute("href")) ?? "").split("/").at(-1);
  await page.goto(`${workspaceOf("owner")}/logs?key=${key}`);
  const links = page.getByRole("table", { name: "Requests" }).getByRole("rowheader").getByRole("link");
  const ids = () => links.evaluateAll((all) => all.map((link) => link.getAttribute("href")?.split("/").at(-1) ?? ""));
  const first = await ids();
  expect(first).toHaveLength(50);
  await expect(page.getByRole("link", { name: "Previous" })).toHaveCount(0);

  await page.getByRole("link", { name: "Next" }).click();
  await page.waitForURL(/before=/);
  await expect(links.first()).not.toHaveAttribute("href", new RegExp(`${first[0]}$`));
  const second = await ids();
  expect(new URL(page.url()).searchParams.get("key")).toBe(key);
  const both = [...first, ...second];
  expect(new Set(both).size).toBe(both.length);
  expect(both).toEqual(both.toSorted().toReversed());

  await page.getByRole("link", { name: "Previous" }).click();
  await page.waitForURL(/after=/);
  await expect.poll(ids).toEqual(first);
});

test("a request's price is its tokens times their prices, to the last digit", async ({ as }) => {
  const page = await as("owner");
  await page.goto(`${workspaceOf("owner")}/logs?model=tiny-chat-1&outcome=answered`);
  await page.getByRole("table", { name: "Requests" }).getByRole("rowheader").getByRole("link").first().click();
  const table = page.getByRole("table", { name: "How the cost came about" });
  await expect(table).toBeVisible();
  const rows = await table
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")));
  const [fresh, cached, answer, together] = rows.map(([count = "", price = "", cost = ""]) => ({
    count: Number(count.replaceAll(",", "")),
    micros: BigInt(Math.round(Number(price.replace(/[€,]/g, "")) * 1_000_000)),
    cost,
  }));
  if (!fresh || !cached || !answer || !together) throw new Error("The table has not four lines.");
  const lines = [fresh, cached, answer];
  for (const { count, micros, cost } of lines) expect(cost).toBe(formatEuros(BigInt(count) * micros));
  const pico = costOf(
    {
      promptTokens: fresh.count + cached.count,
      cachedTokens: cached.count,
      completionTokens: answer.count,
    },
    {
      inputMicros: micros(fresh.micros),
      cachedInputMicros: micros(cached.micros),
      outputMicros: micros(answer.micros),
    },
  );
  expect(pico).toBeGreaterThan(0n);
  expect(together.cost).toBe(formatEuros(pico));
  expect(together.count).toBe(fresh.count + cached.count + answer.count);
});
