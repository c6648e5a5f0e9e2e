import { createServer } from "node:http";
import type { Page } from "@playwright/test";
import { signUp } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { secretIn } from "./keys.ts";
import { serverUrl } from "./server.ts";

/** A customer's own site, on this machine. */
async function site() {
  const server = createServer((_, response) => response.setHeader("content-type", "text/html").end("<h1>Shop</h1>"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    /** The same site under a name that is another origin. */
    otherOrigin: `http://localhost:${port}`,
    close: () => server.close(),
  };
}

/** What a program in a page reads of an answer; null where the browser lets it read nothing. */
const askFrom = (page: Page, secret: string): Promise<number | null> =>
  page.evaluate(
    async ([url, key]) => {
      const asked = fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
      return asked.then(
        ({ status }) => status,
        () => null,
      );
    },
    [serverUrl, secret],
  );

test("a key for web pages works in the organization's pages, in no other page, and not once the origin is gone", async ({
  page,
  browser,
}) => {
  const shop = await site();
  const { workspace } = await signUp(page);
  await visit(page, `${workspace}/keys?create=1`);
  await expect(page.getByRole("checkbox", { name: "For web pages" })).toBeDisabled();

  await visit(page, `${workspace}/organization/settings`);
  const saveOrigins = async (origins: string): Promise<void> => {
    await page.getByRole("button", { name: "Change origins" }).click();
    const dialog = page.getByRole("dialog", { name: "Origins of web pages" });
    await dialog.getByRole("textbox", { name: "Origins" }).fill(origins);
    await dialog.getByRole("button", { name: "Save origins" }).click();
  };
  await saveOrigins(`${shop.origin}/cart`);
  await expect(page.getByText(`${shop.origin}/cart is not an origin.`)).toBeVisible();
  await page.keyboard.press("Escape");
  await saveOrigins(shop.origin);
  await expect(page.locator("#web-pages").getByText(shop.origin)).toBeVisible();

  await visit(page, `${workspace}/keys?create=1`);
  await page.getByRole("textbox", { name: "Name" }).fill("shop");
  await page.getByRole("checkbox", { name: "For web pages" }).check();
  await expect(page.getByRole("checkbox", { name: /agents:use/ })).toBeDisabled();
  await page.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
  const secret = await secretIn(page.getByRole("dialog", { name: "shop is ready" }));

  // Pages of a customer's, where refusals are part of the promise.
  const context = await browser.newContext();
  const [own, foreign] = [await context.newPage(), await context.newPage()];
  await own.goto(shop.origin);
  await foreign.goto(shop.otherOrigin);
  expect(await askFrom(own, secret)).toBe(200);
  expect(await askFrom(foreign, secret)).toBe(null);

  await visit(page, `${workspace}/organization/settings`);
  await saveOrigins("");
  await expect(page.locator("#web-pages").getByText("No origin yet.")).toBeVisible();
  await expect.poll(() => askFrom(own, secret)).toBe(null);
  await context.close();
  shop.close();
});
