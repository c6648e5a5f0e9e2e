import type { Page } from "@playwright/test";
import { workspaceOf } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { slowDown } from "./slow-answer.ts";

// One after the other: each person has one playground key, and opening the playground renews it.
test.describe.configure({ mode: "default" });

const figures = /^\d+ tokens in, \d+ out$/;

type Tapped = { answered: Promise<string> };

/** Keeps a copy of what is answered on the page: the browser keeps none of what may not be stored. */
const tapAnswers = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const send = globalThis.fetch;
    globalThis.fetch = async (...asked) => {
      const response = await send(...asked);
      if (!response.headers.get("content-type")?.startsWith("text/event-stream") || !response.body) return response;
      const [shown, kept] = response.body.tee();
      Object.assign(globalThis, { answered: new Response(kept).text() });
      return new Response(shown, response);
    };
  });

test("the playground streams an answer, says what it took, and the log has it", async ({ as }) => {
  const page = await as("founder");
  await tapAnswers(page);
  await visit(page, `${workspaceOf("founder")}/playground`);
  const asked = page.waitForResponse((response) => response.url().endsWith("/v1/chat/completions"));
  await page.getByLabel("Your message").fill("What is the capital of France?");
  await page.keyboard.press("Enter");

  const answer = page.getByRole("region", { name: "Conversation" }).getByRole("listitem");
  await expect(answer.getByText(figures)).toBeVisible();
  await expect(answer.getByText(/^€0\.0+[1-9]\d*$/)).toBeVisible();
  const response = await asked;
  expect(response.headers()["content-type"]).toContain("text/event-stream");
  const body = await page.evaluate(() => (globalThis as unknown as Tapped).answered);
  const pieces = body.split("\n\n").filter((piece) => piece.startsWith("data: {"));
  expect(pieces.length).toBeGreaterThan(3);
  const written = pieces
    .map((piece) => JSON.parse(piece.slice(6)) as { choices: { delta: { content?: string } }[] })
    .map(({ choices }) => choices[0]?.delta.content ?? "")
    .join("");
  expect(written).toMatch(/\w/);
  await expect(answer).toContainText(written.trim());

  await answer.getByRole("link", { name: "In the log" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Request" })).toBeVisible();
  await expect(page.getByText("Answered · 200")).toBeVisible();
  const id = response.headers()["x-request-id"] ?? "no id";
  await expect(page.getByRole("definition").filter({ hasText: id })).toBeVisible();
});

test("T-4.2.1-KEY5: the command of an answer takes the key from the environment; the playground's own is nowhere", async ({
  as,
}) => {
  const page = await as("founder");
  await visit(page, `${workspaceOf("founder")}/playground`);
  const asked = page.waitForRequest((request) => request.url().endsWith("/v1/chat/completions"));
  await page.getByLabel("Your message").fill("It's a test");
  await page.getByRole("button", { name: "Send" }).click();
  const secret = ((await asked).headers().authorization ?? "").replace("Bearer ", "");
  expect(secret).toMatch(/^cpt_\w{20,}$/);
  await expect(page.getByText(figures)).toBeVisible();
  await page.getByText("View as curl").click();
  const command = page.locator("pre", { hasText: "curl -N" });
  await expect(command).toContainText("Bearer $COMPTOIR_API_KEY");
  await expect(command).toContainText(String.raw`It'\''s a test`);
  const held = await page.evaluate(
    () => document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie,
  );
  expect(held).not.toContain(secret.slice(4));
});

test("stopping an answer keeps what was written, and the next question is answered", async ({ as }) => {
  const page = await as("founder");
  await visit(page, `${workspaceOf("founder")}/playground`);
  const question = page.getByLabel("Your message");
  const answers = page.getByRole("region", { name: "Conversation" }).getByRole("listitem");
  await slowDown(page, "/v1/chat/completions");
  await question.fill("What is the capital of France?");
  await page.keyboard.press("Enter");
  const stop = page.getByRole("button", { name: "Stop" });
  await expect(stop).toBeVisible();
  await expect(page.getByText("Waiting for the first token…")).toHaveCount(0);
  await stop.click();
  await expect(answers.getByText("Stopped; what was written until then is billed")).toBeVisible();
  await expect(stop).toHaveCount(0);

  await question.fill("Hello again");
  await page.keyboard.press("Enter");
  await expect(answers.nth(1).getByText(figures)).toBeVisible();
});

test("two tabs of the playground do not stand in each other's way", async ({ as, faults }) => {
  // The tab whose key was renewed elsewhere is refused once, and asks for a key again by itself.
  faults.allow(/401/);
  const first = await as("founder");
  const second = await first.context().newPage();
  const answers = async (page: Page, count: number) => {
    await page.getByLabel("Your message").fill("Hello");
    await page.getByRole("button", { name: "Send" }).click();
    await expect(page.getByText(figures)).toHaveCount(count);
  };
  for (const page of [first, second]) await visit(page, `${workspaceOf("founder")}/playground`);
  await answers(first, 1);
  await answers(second, 1);
  await answers(first, 2);
});

test("without network a question says so at once, is not sent later by itself, and is answered on Try again", async ({
  as,
  faults,
}) => {
  faults.allow(/ERR_INTERNET_DISCONNECTED|Failed to fetch|Failed to load resource/);
  const page = await as("founder");
  await visit(page, `${workspaceOf("founder")}/playground`);
  const answers: string[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith("/v1/chat/completions")) answers.push(response.url());
  });
  // The first question of a page also asks for its key.
  await page.context().setOffline(true);
  await page.getByLabel("Your message").fill("What is the capital of France?");
  await page.keyboard.press("Enter");
  await expect(page.getByText("You are offline. What you wrote is kept here")).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText(figures)).toBeVisible();
  expect(answers).toHaveLength(1);
});

test("on the free plan no page speaks of money that cannot be spent", async ({ as }) => {
  const page = await as("free");
  await visit(page, `${workspaceOf("free")}/playground`);
  await expect(page.getByText("What you ask here costs nothing.")).toBeVisible();
  await visit(page, `${workspaceOf("free")}/limits`);
  await expect(page.getByText("there is no spending to limit")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save limit" })).toHaveCount(0);
  await page.getByRole("link", { name: "See what is free and how to upgrade" }).click();
  await expect(page.getByRole("link", { name: "Upgrade to paid" })).toBeInViewport();
});
