import type { Page } from "@playwright/test";
import { type Role, stateOf } from "./accounts.ts";
import { barriers, colorRules } from "./barriers.ts";
import { routes, sights, signposts } from "./every-page.ts";
import { expect, test as fixtures } from "./fixtures.ts";
import { serverUrl } from "./server.ts";
import type { Sight } from "./sight.ts";

const desktop = { width: 1280, height: 720 };
const telephone = { width: 390, height: 844 };

/** `test` with one browser for each role, which looks at all pages of that role one after the other. */
const test = fixtures.extend<object, { browserOf: (role: Role | "visitor") => Promise<Page> }>({
  browserOf: [
    async ({ browser }, use) => {
      const pages = new Map<string, Page>();
      const open = async (role: Role | "visitor") => {
        const state = role === "visitor" ? {} : { storageState: stateOf(role) };
        const headers = { "x-forwarded-for": `10.201.${process.pid % 250}.1` };
        const context = await browser.newContext({
          ...state,
          baseURL: serverUrl,
          extraHTTPHeaders: headers,
          reducedMotion: "reduce",
        });
        await context.addCookies([{ name: "theme", value: "light", url: serverUrl }]);
        return context.newPage();
      };
      await use(async (role) => {
        const page = pages.get(role) ?? (await open(role));
        pages.set(role, page);
        return page;
      });
      for (const page of pages.values()) await page.context().close();
    },
    { scope: "worker" },
  ],
});

test("every page of the app is looked at here", () => {
  expect([...new Set([...sights.map(({ route }) => route), ...signposts])].toSorted()).toEqual(
    [...routes, "not found"].toSorted(),
  );
});

test("the server writes the theme that was chosen, or the system's", async ({ request }) => {
  for (const theme of ["light", "dark", "system"]) {
    const answer = await request.get("/sign-in", { headers: { cookie: `theme=${theme}` } });
    expect(await answer.text()).toContain(`data-theme="${theme}"`);
  }
});

for (const sight of sights) {
  const name = [sight.route, sight.state].filter(Boolean).join(", ");

  test(`${name} has no barrier, in light and in dark, and fits a telephone`, async ({ browserOf, faults }) => {
    if (sight.status) faults.allow(new RegExp(`${sight.status} \\(`));
    const page = await browserOf(sight.role);
    faults.watch(page.context());
    await page.setViewportSize(desktop);
    await open(page, await sight.at(page), sight);
    await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
    expect(await barriers(page), `light ${page.url()}`).toEqual([]);
    // As the menu of appearance does; a page that is asked for again differs in nothing else.
    await page.evaluate(() => {
      document.documentElement.dataset.theme = "dark";
    });
    expect(await barriers(page, colorRules), `dark ${page.url()}`).toEqual([]);
    await page.setViewportSize(telephone);
    expect(await tooWide(page), "what sticks out at 390 pixels").toEqual([]);
    // Gauges of the page would go on asking.
    await page.goto("about:blank");
    if (sight.role === "visitor") await page.context().clearCookies({ name: /authjs|comptoir/ });
  });
}

async function open(page: Page, address: string, { status = 200, route }: Sight): Promise<void> {
  const answer = await page.goto(address);
  expect(answer?.status(), address).toBe(status);
  // A page that led elsewhere would be looked at instead of the one that is meant.
  expect(page.url().endsWith(address), `${route} led to ${page.url()}`).toBe(true);
  await expect(page.getByRole("heading").first()).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  if (status === 200 && isOfOneThing(route)) {
    const crumb = page.getByRole("navigation", { name: "Breadcrumb" }).locator("[aria-current=page]");
    const name = (await crumb.textContent()) ?? "";
    const tab = await page.title();
    expect(tab.startsWith(`${name} · `), `the tab says ${tab}, the breadcrumb ${name}`).toBe(true);
  }
}

/** A page of a workspace about one key, one invoice, one person. */
const isOfOneThing = (route: string): boolean => route.startsWith("/[workspace]/") && route.endsWith("]");

/** Nothing if the page does not scroll sideways, else whatever reaches over its right edge. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 120))
      .slice(-5);
  });
