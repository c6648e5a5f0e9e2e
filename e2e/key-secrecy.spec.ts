import type { APIResponse, Page } from "@playwright/test";
import { workspaceOf } from "./accounts.ts";
import { expect, test } from "./fixtures.ts";
import { ask, createKey } from "./keys.ts";

/** Everything a page holds: its document, what its fields say, and what the browser keeps for it. */
const heldBy = (page: Page): Promise<string> =>
  page.evaluate(() =>
    [
      document.documentElement.outerHTML,
      ...[...document.querySelectorAll("input, textarea")].map((field) => (field as HTMLInputElement).value),
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      JSON.stringify(history.state),
      document.cookie,
      location.href,
    ].join("\n"),
  );

test("T-4.2.1-KEY1: a key is shown once and never again, wherever one looks", async ({ as }) => {
  test.setTimeout(120_000);
  const page = await as("founder");
  const workspace = workspaceOf("founder");
  const addresses: string[] = [];
  page.on("request", (request) => addresses.push(request.url()));
  const secret = await createKey(page, workspace, `once-${Date.now()}`);
  // The ends of a key are shown on purpose, to tell keys apart.
  const hidden = secret.slice(8, -4);
  const keyPage = new URL(page.url()).pathname;
  expect((await ask(secret)).status).toBe(200);

  const expectNothing = (text: string, where: string) => expect(text.includes(hidden), where).toBe(false);

  await test.step("in no page and no payload of a page", async () => {
    const paths = [
      ...["home", "keys", "keys?create=1", "usage?by=key", "usage?by=key&view=table", "usage/csv?by=key", "logs"],
      ...["models", "playground"],
    ].map((path) => `${workspace}/${path}`);
    for (const path of [...paths, keyPage, "/account", "/demo/outbox"]) {
      const answer = await page.request.get(path);
      expectNothing(await uncached(answer), path);
      const payload = await page.request.get(path, { headers: { rsc: "1" } });
      expectNothing(await uncached(payload), `payload of ${path}`);
    }
    const payload = await page.request.get(keyPage, { headers: { rsc: "1" } });
    expect(payload.headers()["content-type"]).toContain("text/x-component");
  });

  await test.step("not after going back, forward and reloading", async () => {
    expectNothing(await heldBy(page), "the key's page");
    for (const move of ["goBack", "reload", "goForward", "reload"] as const) {
      await page[move]();
      expectNothing(await heldBy(page), `${page.url()} after ${move}`);
    }
    expectNothing(JSON.stringify(await page.context().storageState()), "cookies and storage");
  });

  await test.step("in no letter", async () => {
    await page.goto("/demo/outbox");
    const links = page.getByRole("table", { name: "Letters" }).getByRole("link");
    await expect(links).not.toHaveCount(0);
    const letters = await links.all();
    for (const letter of letters.slice(0, 10)) {
      const path = (await letter.getAttribute("href")) ?? "";
      expectNothing(await (await page.request.get(path)).text(), path);
    }
  });

  expectNothing(addresses.join("\n"), "addresses asked for");
});

async function uncached(answer: APIResponse): Promise<string> {
  expect(answer.ok(), answer.url()).toBe(true);
  expect(answer.headers()["cache-control"], answer.url()).toContain("no-store");
  return answer.text();
}
