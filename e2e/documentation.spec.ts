import { workspaceOf } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { serverUrl } from "./server.ts";

test("contract 44: the documentation is read, searched and walked through on a telephone without any script", async ({
  browser,
}) => {
  const context = await browser.newContext({
    baseURL: serverUrl,
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  });
  const page = await context.newPage();
  await page.goto("/docs");
  await page.getByRole("main").getByRole("link", { name: "Quickstart", exact: true }).last().click();
  await expect(page.getByRole("heading", { level: 1, name: "Quickstart" })).toBeVisible();
  await expect(page.locator("pre", { hasText: "curl " }).first()).toContainText(`${serverUrl}/v1/chat/completions`);
  await page.getByText("All pages").click();
  await page.getByRole("navigation", { name: "All pages" }).getByRole("link", { name: "Errors" }).click();
  await expect(page.locator("#spend_limit_reached")).toHaveText("spend_limit_reached");
  await page.getByLabel("Search the documentation").fill("verify signature");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name: "Webhooks: Verify the signature" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Verify the signature" })).toBeInViewport();
  await page.goto("/docs/reference/chat");
  await page.getByText("Answer: application/json").first().click();
  await expect(page.locator("details[open]", { hasText: "Answer: application/json" }).first()).toContainText("choices");
  await context.close();
});

test("contract 44: each page is Markdown too, programs find them all, and each answers with the address it was asked at", async ({
  request,
}) => {
  const index = await request.get("/llms.txt");
  const addresses = [...(await index.text()).matchAll(/\]\((\S+\.md)\)/g)].map(([, address = ""]) => address);
  expect(addresses.length).toBeGreaterThan(18);
  for (const address of addresses) {
    const answer = await request.get(address);
    expect([address, answer.status(), answer.headers()["content-type"]]).toEqual([
      address,
      200,
      "text/markdown; charset=utf-8",
    ]);
    const text = await answer.text();
    expect(text).toMatch(/^# \S/);
    expect(text).not.toContain("{{");
  }
  const whole = await (await request.get("/llms-full.txt")).text();
  expect(whole).toContain("# Quickstart");
  expect(whole).toContain("# Glossary");
  expect(whole).toContain(`${serverUrl}/v1`);
  for (const missing of ["/docs/none", "/docs/none.md", "/docs/reference/none", "/docs/..%2f..%2fREADME.md"])
    expect([missing, (await request.get(missing)).status()]).toEqual([missing, 404]);
});

test("contract 44: an error's address leads to its entry", async ({ page, request }) => {
  const refused = await request.get("/v1/models");
  const { doc_url: address } = (await refused.json()) as { doc_url: string };
  await page.goto(address);
  await expect(page.locator("#unauthorized")).toBeInViewport();
});

test("contract 44: Ctrl K finds what the documentation says, and what it says of a page is one click away", async ({
  as,
}) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/home`);
  await expect(page.getByRole("link", { name: "Docs", exact: true })).toHaveAttribute("href", "/docs");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("verify the signature");
  await page.getByRole("option", { name: "Webhooks: Verify the signature" }).click();
  await page.waitForURL(/\/docs\/webhooks#verify-the-signature$/);
  await expect(page.getByRole("heading", { level: 2, name: "Verify the signature" })).toBeInViewport();
});

test("contract 44: a search takes anything", async ({ request }) => {
  for (const asked of ["", "%00", "((((", "<script>alert(1)</script>", "x".repeat(5000)])
    for (const address of ["/docs/search", "/docs/search.json"]) {
      const answer = await request.get(`${address}?q=${encodeURIComponent(decodeURIComponent(asked))}&q=twice`);
      expect([address, answer.status()]).toEqual([address, 200]);
    }
});
