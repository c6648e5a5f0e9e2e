import type { Page } from "@playwright/test";
import { workspaceOf } from "./accounts.ts";
import { sights } from "./every-page.ts";
import { expect, test, visit } from "./fixtures.ts";
import { serverUrl } from "./server.ts";

/** The ways a browser, or a person pretending to be one, can ask for a page. */
const forms: Record<string, { headers?: Record<string, string>; address?: (path: string) => string }> = {
  page: {},
  "component payload": { headers: { rsc: "1" }, address: (path) => `${path}${path.includes("?") ? "&" : "?"}_rsc=1` },
  prefetch: { headers: { rsc: "1", "next-router-prefetch": "1" } },
  "segment prefetch": { headers: { rsc: "1", "next-router-prefetch": "1", "next-router-segment-prefetch": "/_tree" } },
  "payload by name": { address: (path) => `${path.split("?")[0]}.rsc` },
  "head only": {
    headers: {
      "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy",
      "x-workspace": "ws_01m84fn4h62h0cajn6mfnfw14p",
    },
  },
};

/** What only the owner's organization has on its pages: names of its keys and members. */
async function wordsOf(page: Page): Promise<string[]> {
  await visit(page, `${workspaceOf("owner")}/keys`);
  const keys = await page.getByRole("table").getByRole("rowheader").getByRole("link").allInnerTexts();
  await visit(page, `${workspaceOf("owner")}/organization/members`);
  const people = await page.getByRole("table").getByRole("rowheader").getByRole("link").allInnerTexts();
  const words = [...keys, ...people].map((text) => text.trim()).filter((text) => text.length > 5);
  expect(words.length).toBeGreaterThan(4);
  return words;
}

test("every page of an organization, asked for in every form, says nothing to visitors and strangers", async ({
  as,
}) => {
  test.slow();
  const owner = await as("owner");
  const words = await wordsOf(owner);
  const addresses: string[] = [];
  for (const sight of sights.filter(({ route, role }) => route.startsWith("/[workspace]") && role === "owner"))
    addresses.push(await sight.at(owner));
  for (const file of [
    "usage/csv",
    "usage/json",
    "logs/csv",
    "logs/json",
    "organization/audit/csv",
    "organization/audit/json",
  ])
    addresses.push(`${workspaceOf("owner")}/${file}`);
  expect(addresses.length).toBeGreaterThan(20);
  for (const who of ["visitor", "founder"] as const) {
    const { request } = (await as(who)).context();
    for (const address of addresses) {
      for (const [form, { headers = {}, address: written = (path: string) => path }] of Object.entries(forms)) {
        const answer = await request.get(serverUrl + written(address), { headers, maxRedirects: 0 });
        const said = await answer.text();
        const told = words.filter((word) => said.includes(word));
        expect({ who, address, form, told }).toEqual({ who, address, form, told: [] });
        expect([200, 307, 401, 403, 404], `${who} ${form} ${address}`).toContain(answer.status());
      }
    }
  }
});

test("an action of a person's page does nothing for a visitor, a stranger or a lesser role", async ({ as }) => {
  const owner = await as("owner");
  await visit(owner, `${workspaceOf("owner")}/organization/groups?create=1`);
  const name = `Doors ${process.pid}`;
  const form = owner.getByRole("dialog");
  await form.getByLabel("Name").fill(name);
  const sent = owner.waitForRequest((request) => request.method() === "POST" && "next-action" in request.headers());
  await form.getByRole("button", { name: /^(Create|Add) group$/ }).click();
  const captured = await sent;
  await expect(owner.getByRole("heading", { level: 1, name })).toBeVisible();
  const { origin = "", ...headers } = await captured.allHeaders();
  const kept = Object.fromEntries(
    Object.entries(headers).filter(([header]) => /^(accept|content-type|next-)/.test(header)),
  );
  const attempts = { visitor: "Visitors", founder: "Strangers", member: "Members" } as const;
  for (const [who, word] of Object.entries(attempts)) {
    const { request } = (await as(who as keyof typeof attempts)).context();
    const data = (captured.postDataBuffer() ?? Buffer.alloc(0))
      .toString("latin1")
      .replaceAll(name, `${word} ${process.pid}`);
    const answer = await request.post(captured.url(), {
      headers: { ...kept, origin },
      data: Buffer.from(data, "latin1"),
      maxRedirects: 0,
    });
    expect(await answer.text(), who).not.toContain('"ok":true');
    expect(answer.headers()["x-action-redirect"] ?? "", who).not.toContain("grp_");
  }
  await visit(owner, `${workspaceOf("owner")}/organization/groups`);
  await expect(owner.getByRole("link", { name })).toBeVisible();
  for (const word of Object.values(attempts)) await expect(owner.getByText(`${word} ${process.pid}`)).toHaveCount(0);
});

test("pages run no script without the nonce of their answer, and come with every guard a browser knows", async ({
  as,
  faults,
}) => {
  faults.allow(/Executing inline (script|event handler) violates|404 \(Not Found\)/);
  const page = await as("owner");
  const answer = await page.goto(`${workspaceOf("owner")}/home`);
  const headers = answer?.headers() ?? {};
  const policy = headers["content-security-policy"] ?? "";
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  expect(policy).not.toMatch(/unsafe-(inline|eval)/);
  expect(headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": expect.stringContaining("no-store"),
  });
  expect(headers).not.toHaveProperty("x-powered-by");
  expect(headers).not.toHaveProperty("access-control-allow-origin");
  const body = (await answer?.text()) ?? "";
  const scripts = [...body.matchAll(/<script\b([^>]*)>/g)].map(([, attributes = ""]) => attributes);
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.filter((attributes) => !attributes.includes(`nonce="${nonce}"`))).toEqual([]);
  expect(body).not.toMatch(/\son\w+="/);
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'injected'";
    const holder = document.createElement("div");
    holder.innerHTML = "<img src=x onerror=\"document.title = 'injected'\">";
    document.body.append(holder);
    return document.title;
  });
  expect(ran).not.toBe("injected");
  const cookies = await page.context().cookies();
  const session = cookies.filter(({ name }) => name.includes("session-token"));
  expect(session.length).toBeGreaterThan(0);
  for (const { httpOnly, sameSite } of session) expect([httpOnly, sameSite]).toEqual([true, "Lax"]);
});

test("a session cookie that was changed anywhere opens nothing", async ({ as, browser }) => {
  const cookies = await (await as("owner")).context().cookies();
  const session = cookies.find(({ name }) => name.endsWith("session-token"));
  if (!session) throw new Error("Nobody is signed in.");
  for (const at of [0, Math.floor(session.value.length / 2), session.value.length - 2]) {
    const other = session.value[at] === "A" ? "B" : "A";
    const value = session.value.slice(0, at) + other + session.value.slice(at + 1);
    const context = await browser.newContext();
    await context.addCookies([{ ...session, value }]);
    const answer = await context.request.get(serverUrl + workspaceOf("owner"), { maxRedirects: 0 });
    expect([307, 303]).toContain(answer.status());
    expect(answer.headers().location).toContain("/sign-in");
    await context.close();
  }
});

test("a browser that asks for an icon by its old name gets ours", async ({ request }) => {
  const icon = await request.get("/favicon.ico");
  expect(icon.status()).toBe(200);
  expect(icon.headers()["content-type"]).toContain("image/svg+xml");
});
