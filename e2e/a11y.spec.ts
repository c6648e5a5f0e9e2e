import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { routes, type Sight, sights, signposts } from "./every-page.ts";
import { expect, test } from "./fixtures.ts";
import { serverUrl } from "./server.ts";

/** Nothing runs in the frame of a letter, so nothing can look around in there. */
const sandboxed = "iframe[sandbox]";
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

test("every page of the app is looked at here", () => {
  expect([...new Set([...sights.map(({ route }) => route), ...signposts])].toSorted()).toEqual(
    [...routes, "not found"].toSorted(),
  );
});

for (const sight of sights) {
  const name = [sight.route, sight.state].filter(Boolean).join(", ");

  test(`${name} has no barrier, in light and in dark, and fits a telephone`, async ({ as, faults }) => {
    if (sight.status) faults.allow(new RegExp(`${sight.status} \\(`));
    const page = await as(sight.role);
    await page.emulateMedia({ reducedMotion: "reduce" });
    const address = await sight.at(page);
    for (const theme of ["light", "dark"]) {
      await page.context().addCookies([{ name: "theme", value: theme, url: serverUrl }]);
      await open(page, address, sight);
      await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
      const { violations } = await new AxeBuilder({ page }).withTags(rules).exclude(sandboxed).analyze();
      expect(violations.flatMap(words), `${theme} ${page.url()}`).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await tooWide(page), "what sticks out at 390 pixels").toEqual([]);
  });
}

async function open(page: Page, address: string, { status = 200, route }: Sight): Promise<void> {
  const answer = await page.goto(address);
  expect(answer?.status(), address).toBe(status);
  // A page that led elsewhere would be looked at instead of the one that is meant.
  expect(page.url().endsWith(address), `${route} led to ${page.url()}`).toBe(true);
  await expect(page.getByRole("heading").first()).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

type Violation = { id: string; nodes: { html: string; failureSummary?: string | undefined }[] };

const words = ({ id, nodes }: Violation): string[] =>
  nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ""}`);

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
