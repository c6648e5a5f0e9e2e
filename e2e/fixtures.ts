import {
  type BrowserContext,
  test as base,
  type ConsoleMessage,
  type Page,
  type Response,
  type WebError,
} from "@playwright/test";
import { emailOf, type Role, stateOf } from "./accounts.ts";
import { renewProofs } from "./database.ts";
import { serverUrl } from "./server.ts";

export { expect } from "@playwright/test";

type Faults = {
  /** Makes whatever goes wrong on the pages of a context fail the test, until the test is over. */
  watch: (context: BrowserContext) => void;
  /** For tests that provoke a fault: what matches is expected. */
  allow: (pattern: RegExp) => void;
};

type Fixtures = {
  faults: Faults;
  /** A page of a browser of its own: a person's who is signed in, or a visitor's. */
  as: (role: Role | "visitor") => Promise<Page>;
};

/** An address of its own for each test, because tries are counted by address and all tests come from one machine. */
const anAddress = (): string => `10.${[1, 2, 3].map(() => Math.floor(Math.random() * 254) + 1).join(".")}`;

/** `test` with a net under it: a console error, an uncaught error or a failing answer of ours on any page fails. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants to see what is asked for
  extraHTTPHeaders: async ({}, use) => use({ "x-forwarded-for": anAddress() }),
  faults: async ({ browserName: _ }, use) => {
    const found: string[] = [];
    const allowed: RegExp[] = [];
    const watched: (() => void)[] = [];
    await use({
      watch: (context) => watched.push(watch(context, found)),
      allow: (pattern) => allowed.push(pattern),
    });
    for (const leave of watched) leave();
    const unexpected = found.filter((fault) => !allowed.some((pattern) => pattern.test(fault)));
    base.expect(unexpected, "faults on the pages of this test").toEqual([]);
  },
  context: async ({ context, faults }, use) => {
    faults.watch(context);
    await use(context);
  },
  as: async ({ browser, faults, extraHTTPHeaders }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (role) => {
      if (role !== "visitor") await renewProofs(emailOf(role));
      const state = role === "visitor" ? {} : { storageState: stateOf(role) };
      const context = await browser.newContext({ ...state, ...(extraHTTPHeaders && { extraHTTPHeaders }) });
      opened.push(context);
      faults.watch(context);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },
});

/** Said of the frame that shows a letter when the test's own tools knock at it: nothing may run in there. */
const sandboxed = /^Blocked script execution in 'about:srcdoc'/;

/** Notes what goes wrong in a context; the function it returns stops that. */
function watch(context: BrowserContext, found: string[]): () => void {
  const onConsole = (message: ConsoleMessage) => {
    if (message.type() !== "error" || sandboxed.test(message.text())) return;
    found.push(`console: ${message.text()} (${message.location().url})`);
  };
  const onError = (error: WebError) => found.push(`uncaught: ${error.error().stack ?? error.error().message}`);
  const onResponse = (response: Response) => {
    if (response.url().startsWith(serverUrl) && response.status() >= 500) {
      found.push(`${response.status()}: ${response.request().method()} ${response.url()}`);
    }
  };
  context.on("console", onConsole).on("weberror", onError).on("response", onResponse);
  return () => void context.off("console", onConsole).off("weberror", onError).off("response", onResponse);
}

/** Goes to a page and waits until all of it answers to clicks and keys, also what came after its frame. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => {
    const main = document.querySelector("main") ?? document.body;
    const answers = (element: Element) => Object.keys(element).some((name) => name.startsWith("__reactProps"));
    const isWhole = !main.querySelector("[aria-busy=true]");
    return isWhole && answers(main) && [...main.querySelectorAll("button")].every(answers);
  });
  // Effects, such as listening for keys, run a moment after that.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 1000 })));
}
