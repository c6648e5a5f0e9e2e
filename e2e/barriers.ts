import fs from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { RunOnly } from "axe-core";

/** Nothing runs in the frame of a letter, so nothing can look around in there. */
const sandboxed = "iframe[sandbox]";
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** The rules a theme can break: it changes colours and nothing else. */
export const colorRules = ["color-contrast", "link-in-text-block"];

/** The end of one movement may begin the next. */
async function atRest(): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  for (await frame(); document.getAnimations().length > 0; await frame()) {
    await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {})));
  }
}

/** What keeps a person out, by the rules named or by all of them. */
export async function barriers(page: Page, only?: readonly string[]): Promise<string[]> {
  await page.evaluate(atRest);
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  const runOnly: RunOnly = only ? { type: "rule", values: [...only] } : { type: "tag", values: tags };
  return page.evaluate(judge, { exclude: sandboxed, runOnly });
}

type Asked = { exclude: string; runOnly: RunOnly };

/** Runs in the page. */
async function judge({ exclude, runOnly }: Asked): Promise<string[]> {
  const { axe } = window as unknown as { axe: typeof import("axe-core") };
  const { violations } = await axe.run({ exclude: [exclude] }, { runOnly, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ""}`),
  );
}
