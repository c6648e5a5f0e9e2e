import { createServer } from "node:http";
import type { Locator, Page } from "@playwright/test";
import { Webhook } from "standardwebhooks";
import { signUp, workspaceOf } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { createKey } from "./keys.ts";

type Got = { headers: Record<string, string>; body: string };

/** A receiver of the customer's, on this machine. */
async function receiver() {
  const here = { got: [] as Got[], status: 200, url: "", close: () => {} };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      here.got.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(here.status).end(here.status === 200 ? "ok" : "broken");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  here.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/hooks`;
  here.close = () => server.close();
  return here;
}

const dialogOf = (page: Page, name: string | RegExp): Locator => page.getByRole("dialog", { name });

/** Reads the secret a dialog shows once, and closes it. */
async function takeSecret(page: Page, title: string): Promise<string> {
  const dialog = dialogOf(page, title);
  const secret = await dialog.getByRole("textbox", { name: "Signing secret" }).inputValue();
  await dialog.getByRole("button", { name: "I have stored it" }).click();
  await expect(dialog).toBeHidden();
  return secret;
}

const typeOf = ({ body }: Got): string => JSON.parse(body).type;

test("a webhook is added, tried, told of a key, rotated, looked into, replayed and deleted", async ({ page }) => {
  const hooks = await receiver();
  const { workspace } = await signUp(page);
  await visit(page, `${workspace}/organization/integrations/webhooks`);
  await expect(page.getByText("No webhooks yet")).toBeVisible();
  await page.getByRole("button", { name: "Add webhook" }).click();
  const form = dialogOf(page, "Add webhook");
  for (const [address, complaint] of [
    ["http://10.0.0.1/hooks", "10.0.0.1 leads to no address on the public internet."],
    ["http://[::1]/hooks", "[::1] leads to no address on the public internet."],
    ["ftp://example.com", "Enter an address that begins with https://."],
  ] as const) {
    await form.getByLabel("Address").fill(address);
    await form.getByRole("button", { name: "Add webhook" }).click();
    await expect(form.getByText(complaint)).toBeVisible();
  }
  await form.getByLabel("Address").fill(hooks.url);
  await form.getByLabel("Description").fill("The bakery's own server");
  await form.getByRole("checkbox", { name: "limit.raised" }).uncheck();
  await form.getByRole("button", { name: "Add webhook" }).click();
  const secret = await takeSecret(page, "The webhook is ready");
  expect(secret).toMatch(/^whsec_/);
  expect(await page.content()).not.toContain(secret);

  await page.getByRole("table", { name: "Webhooks" }).getByRole("link").click();
  await page.waitForURL(/\/integrations\/webhooks\/whe_\w+$/);
  const webhook = page.url();
  await visit(page, webhook);
  await page.getByRole("button", { name: "Send test event" }).click();
  await expect.poll(() => hooks.got.map(typeOf)).toEqual(["webhook.test"]);
  const verified = (got: Got | undefined, with_ = secret) =>
    new Webhook(with_).verify(got?.body ?? "", got?.headers ?? {});
  expect(verified(hooks.got[0])).toMatchObject({ data: { message: "It works." } });

  await createKey(page, workspace, "oven");
  await expect.poll(() => hooks.got.map(typeOf)).toEqual(["webhook.test", "api_key.created"]);
  expect(verified(hooks.got[1])).toMatchObject({ data: { name: "oven" } });

  await visit(page, webhook);
  const deliveries = page.getByRole("table", { name: "Deliveries" });
  await expect(deliveries.getByText("Delivered")).toHaveCount(2);
  await page.getByRole("button", { name: "Rotate secret" }).click();
  await dialogOf(page, "Rotate the secret").getByRole("button", { name: "Rotate secret" }).click();
  const fresh = await takeSecret(page, "The new secret");
  hooks.status = 500;
  await page.getByRole("button", { name: "Send test event" }).click();
  await expect.poll(() => hooks.got.length).toBe(3);
  for (const each of [secret, fresh]) expect(verified(hooks.got[2], each)).toBeTruthy();
  await expect(async () => {
    await page.goto(`${webhook}?state=waiting`);
    await expect(deliveries.getByRole("row", { name: /webhook\.test/ })).toContainText("1");
    await expect(page.getByText("Failing").first()).toBeVisible({ timeout: 500 });
  }).toPass();
  await deliveries.getByRole("link", { name: "webhook.test" }).click();
  await expect(page.getByRole("table", { name: "Attempts" }).getByRole("row").nth(1)).toContainText("500");
  hooks.status = 200;
  // The second attempt comes about ten seconds after the first.
  await expect.poll(() => hooks.got.length, { timeout: 30_000 }).toBe(4);
  expect(hooks.got[3]?.headers["webhook-id"]).toBe(hooks.got[2]?.headers["webhook-id"]);

  await visit(page, `${webhook}?state=delivered`);
  await deliveries.getByRole("link", { name: "api_key.created" }).click();
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(page.getByText("Queued as a delivery of its own.")).toBeVisible();
  await expect.poll(() => hooks.got.length).toBe(5);
  expect(hooks.got[4]?.headers["webhook-id"]).toBe(hooks.got[1]?.headers["webhook-id"]);

  await visit(page, webhook);
  await page.getByRole("button", { name: "Delete…" }).click();
  await dialogOf(page, "Delete this webhook").getByRole("button", { name: "Delete webhook" }).click();
  await page.waitForURL(/\/integrations\/webhooks$/);
  await expect(page.getByText("No webhooks yet")).toBeVisible();
  hooks.close();
});

test("webhooks are for organization admins; for others the page says who can help, for strangers it is not there", async ({
  as,
  faults,
}) => {
  const owner = await as("owner");
  await owner.goto(`${workspaceOf("owner")}/organization/integrations/webhooks`);
  const link = owner.getByRole("table", { name: "Webhooks" }).getByRole("link").first();
  const address = (await link.getAttribute("href")) ?? "";
  const dev = await as("dev");
  await dev.goto(address);
  await expect(dev.getByText("You may not see webhooks")).toBeVisible();
  await expect(dev.getByRole("link", { name: "Webhooks" })).toHaveCount(0);
  faults.allow(/404 \(Not Found\)/);
  const stranger = await as("free");
  expect((await stranger.goto(address.replace(workspaceOf("owner"), workspaceOf("free"))))?.status()).toBe(404);
});
