import { columnOf, costOf, micros } from "#lib/core/money.ts";
import { workspaceOf } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";

test("the filters of the log are in its address and can be cleared", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/logs`);
  await page.getByLabel("Model", { exact: true }).selectOption("tiny-embed-1");
  await page.waitForURL(/\?model=tiny-embed-1$/);
  await page.getByLabel("Outcome").selectOption("Refused");
  await page.waitForURL(/model=tiny-embed-1&outcome=refused/);
  const rows = page.getByRole("table", { name: "Requests" }).locator("tbody").getByRole("row");
  const others = async () => (await rows.allTextContents()).filter((text) => !/tiny-embed-1.*Refused 422/.test(text));
  await expect(rows).not.toHaveCount(0);
  await expect.poll(others).toEqual([]);
  await expect(page.getByLabel("Model", { exact: true })).toHaveValue("tiny-embed-1");

  await page.getByRole("link", { name: "Clear filters" }).click();
  await page.waitForURL(/\/logs$/);
  await expect(rows).toHaveCount(50);
});

test("an end user's requests between two moments, on the page and in the file", async ({ as }) => {
  const page = await as("owner");
  const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
  await visit(page, `${workspaceOf("owner")}/logs`);
  await page.getByRole("searchbox", { name: "End user or request id" }).fill("customer-001");
  await page.getByLabel("From (UTC)").fill(`${day(20)}T00:00`);
  await page.getByLabel("To (UTC)").fill(`${day(1)}T12:00`);
  await page.getByLabel("To (UTC)").press("Enter");
  await page.waitForURL(/q=customer-001.*from=.*to=/);
  const rows = page.getByRole("table", { name: "Requests" }).getByRole("rowheader").getByRole("link");
  await expect(rows).not.toHaveCount(0);
  const ids = await rows.evaluateAll((all) => all.map((link) => link.getAttribute("href")?.split("/").at(-1) ?? ""));
  const file = (await page.getByRole("link", { name: "Download JSON" }).getAttribute("href")) ?? "";
  const list = (await (await page.request.get(file)).json()) as {
    id: string;
    at: string;
    end_user: string;
    cost_eur: string;
  }[];
  expect(list.slice(0, ids.length).map(({ id }) => id)).toEqual(ids);
  for (const row of list) {
    expect(row.end_user).toBe("customer-001");
    expect(row.at >= day(20) && row.at < `${day(1)}T12:01`).toBe(true);
    expect(row.cost_eur).toMatch(/^\d+(\.\d{1,12})?$/);
  }
  const csv = await (await page.request.get(file.replace("/json?", "/csv?"))).text();
  expect(csv.trimEnd().split("\r\n").length).toBe(1 + list.length);
});

test("a request shows how the limits stood, which clause keeps it and whether it may train, and no content", async ({
  as,
}) => {
  const page = await as("owner");
  await page.goto(`${workspaceOf("owner")}/logs?model=tiny-chat-1&outcome=answered`);
  await page.getByRole("table", { name: "Requests" }).getByRole("rowheader").getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Limits" })).toBeVisible();
  for (const term of ["Held for it", "Tightest spend limit", "Requests left", "Tokens left"]) {
    await expect(page.getByRole("term").filter({ hasText: term })).toBeVisible();
  }
  await expect(page.getByText("T-4.2.2.2-D1")).toBeVisible();
  await expect(page.getByText("No, as the terms of paid plans say")).toBeVisible();
  await expect(page.getByText(/Sealed, 30 days, to look into abuse/)).toBeVisible();
  await page.getByRole("link", { name: "the terms" }).click();
  await page.waitForURL(/\/legal\/terms/);
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
  await expect(links).toHaveCount(50);
  const first = await ids();
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
  const costs = lines.map(({ count, micros }) => BigInt(count) * micros);
  const euros = columnOf([...costs, pico]);
  expect(lines.map(({ cost }) => cost)).toEqual(costs.map(euros));
  expect(together.cost).toBe(euros(pico));
  expect(together.count).toBe(fresh.count + cached.count + answer.count);
});
