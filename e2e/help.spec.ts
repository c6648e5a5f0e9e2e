import type { Locator, Page } from "@playwright/test";
import { newEmail, openLetter, signUp } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { serverUrl } from "./server.ts";

test.describe.configure({ timeout: 120_000 });

/** A person with an organization of their own, at Help. */
async function newcomer(page: Page, name: string): Promise<{ email: string; help: string }> {
  const { email, workspace } = await signUp(page, newEmail(), name);
  return { email, help: `${workspace}/help` };
}

/** Opens a ticket of the kind that anyone can open. */
async function askQuestion(page: Page, help: string, subject: string, words: string): Promise<void> {
  await visit(page, help);
  await page.getByRole("link", { name: "Open a ticket" }).first().click();
  await page.getByRole("link", { name: "Question", exact: true }).click();
  await page.getByLabel("Subject").fill(subject);
  await page.getByLabel("Your question").fill(words);
  await page.getByRole("button", { name: "Open ticket" }).click();
  await page.waitForURL(/\/help\/tkt_\w+$/);
}

const thread = (page: Page): Locator => page.getByRole("list", { name: "Messages" });
const rowOf = (page: Page, subject: string): Locator => page.getByRole("row").filter({ hasText: subject });

test("a customer asks, is answered, writes back, and says that it helped", async ({ page, as }) => {
  const subject = `Where are limits ${Date.now()}`;
  const { email, help } = await newcomer(page, "Harbour Bakery");
  await visit(page, help);
  await expect(page.getByText("No tickets yet")).toBeVisible();
  await askQuestion(page, help, subject, "Where do I see **my limits**?");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(subject);
  await expect(thread(page).locator("strong")).toHaveText("my limits");
  const ticket = new URL(page.url()).pathname;
  await openLetter(page, email, /T-\d+: we have your request/);

  const staff = await as("support");
  await visit(staff, `/staff?q=${encodeURIComponent(subject)}`);
  await rowOf(staff, subject).getByRole("link").click();
  await staff.getByRole("button", { name: "Note…" }).click();
  const note = staff.getByRole("dialog");
  await note.getByLabel("Note").fill("They are new here.");
  await note.getByRole("button", { name: "Keep note" }).click();
  await expect(staff.getByText("They are new here.")).toBeVisible();
  await staff.getByLabel("Answer", { exact: true }).fill("Under Operate, Limits.");
  await staff.getByRole("button", { name: "Send answer" }).click();
  await expect(thread(staff)).toContainText("Under Operate, Limits.");

  await visit(page, ticket);
  await expect(thread(page)).toContainText("Under Operate, Limits.");
  await expect(page.getByText("They are new here.")).toHaveCount(0);
  await page.getByLabel("Message", { exact: true }).fill("Found them.");
  await page.getByRole("button", { name: "Send message" }).click();
  await expect(thread(page)).toContainText("Found them.");
  await expect(page.getByLabel("Message", { exact: true })).toHaveValue("");
  await page.getByRole("button", { name: "Mark as resolved" }).click();
  await page.getByRole("button", { name: "Yes, it helped" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Send answer" }).click();
  await expect(page.getByText("You said that this helped")).toBeVisible();
  await page.getByLabel("Message", { exact: true }).fill("One more thing.");
  await expect(page.getByText("Your message opens the ticket again.")).toBeVisible();
});

test("files go with a message, are kept and never shown, and what is not what its name says is refused", async ({
  page,
  faults,
}) => {
  // The browser notes the refusal of a file that is not what its name says.
  faults.allow(/status of 400 .*\/help\/files/);
  const { help } = await newcomer(page, "Paper Crane");
  await visit(page, `${help}/new/fault`);
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "base64",
  );
  const choose = page.getByLabel("Files", { exact: false }).first();
  await choose.setInputFiles({ name: "page.png", mimeType: "image/png", buffer: Buffer.from("<svg onload='x()'/>") });
  await expect(page.getByText(/page\.png is not of a kind/)).toBeVisible();
  await choose.setInputFiles({ name: "shot.png", mimeType: "image/png", buffer: png });
  await expect(page.getByRole("button", { name: "Remove shot.png" })).toBeVisible();
  await page.getByLabel("Subject").fill("A broken page");
  await page.getByLabel(/What you did/).fill("It is empty, see the picture.");
  await page.getByRole("button", { name: "Open ticket" }).click();
  await page.waitForURL(/\/help\/tkt_\w+$/);
  const link = page.getByRole("link", { name: "shot.png" });
  const answer = await page.request.get((await link.getAttribute("href")) ?? "");
  expect(answer.headers()).toMatchObject({
    "content-type": "image/png",
    "content-disposition": expect.stringMatching(/^attachment;/),
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": expect.stringContaining("no-store"),
  });
  expect(await answer.body()).toEqual(png);
});

/** Tab after Tab, as hands do, until the focus is there. */
async function tabTo(page: Page, place: Locator): Promise<void> {
  await expect(async () => {
    await page.keyboard.press("Tab");
    await expect(place).toBeFocused({ timeout: 100 });
  }).toPass({ intervals: [0] });
}

/** From the queue to a ticket, by its subject. */
async function openByKeys(page: Page, subject: string): Promise<void> {
  await page.keyboard.press("/");
  await page.keyboard.type(subject);
  await expect(page).toHaveURL(/[?&]q=/);
  await expect(rowOf(page, subject)).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: subject })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/staff\/tickets\/tkt_\w+/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(subject);
}

test("help-zdr 45: a day at the queue without a mouse, on a phone and in the dark", async ({ page, as }) => {
  const [first, second] = [`First by keys ${Date.now()}`, `Second by keys ${Date.now()}`];
  const { help } = await newcomer(page, "Quiet Keyboard");
  await askQuestion(page, help, first, "Can you hear the keys?");
  await askQuestion(page, help, second, "And later?");

  const staff = await as("support");
  await staff.setViewportSize({ width: 390, height: 844 });
  await staff.context().addCookies([{ name: "theme", value: "dark", url: serverUrl }]);
  await visit(staff, "/staff");
  await expect(staff.locator("html")).toHaveAttribute("data-theme", "dark");
  // Of two that are found, k goes back to the one before.
  await staff.keyboard.press("/");
  await staff.keyboard.type("Quiet Keyboard");
  await expect(rowOf(staff, second)).toBeVisible();
  await staff.keyboard.press("Escape");
  for (const key of ["j", "j", "k"]) await staff.keyboard.press(key);
  await expect(staff.locator('th[scope="row"] a').first()).toBeFocused();
  await visit(staff, "/staff");

  await openByKeys(staff, first);
  await staff.keyboard.press("c");
  await expect(staff.getByRole("button", { name: "Give back" })).toBeVisible();
  await staff.keyboard.press("n");
  await expect(staff.getByRole("dialog").getByLabel("Note")).toBeFocused();
  await staff.keyboard.type("Heard.");
  await tabTo(staff, staff.getByRole("button", { name: "Keep note" }));
  await staff.keyboard.press("Enter");
  await expect(staff.getByRole("list", { name: "Notes" })).toContainText("Heard.");
  await expect(staff.getByRole("dialog")).toHaveCount(0);
  await staff.keyboard.press("r");
  await expect(staff.getByLabel("Answer", { exact: true })).toBeFocused();
  await staff.keyboard.press("Escape");
  await staff.keyboard.press("m");
  await expect(staff.getByLabel("Macro")).toBeFocused();
  await staff.keyboard.type("Thanks");
  await tabTo(staff, staff.getByRole("button", { name: "Use macro" }));
  await staff.keyboard.press("Enter");
  await expect(staff.getByLabel("Answer", { exact: true })).toHaveValue(/^Hello /);
  await visit(staff, staff.url());
  await staff.keyboard.press("r");
  await tabTo(staff, staff.getByRole("button", { name: "Send answer" }));
  await staff.keyboard.press("Enter");
  await expect(staff.getByText("Resolved").first()).toBeVisible();

  await staff.keyboard.press("q");
  await staff.waitForURL(/\/staff$/);
  await openByKeys(staff, second);
  await staff.keyboard.press("s");
  await expect(staff.getByRole("dialog").getByLabel("Until (UTC)")).toBeFocused();
  await staff.keyboard.type(new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10));
  await staff.keyboard.press("Enter");
  await expect(staff.getByRole("button", { name: "Bring back" })).toBeVisible();
  await expect(staff.getByRole("dialog")).toHaveCount(0);
  await staff.keyboard.press("e");
  await expect(staff.getByText("Resolved").first()).toBeVisible();
  expect(await staff.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});

test("the desk fits a phone", async ({ as }) => {
  const staff = await as("support");
  await staff.setViewportSize({ width: 390, height: 844 });
  for (const address of ["/staff", "/staff?show=over", "/staff/macros", "/staff/figures"]) {
    await visit(staff, address);
    const wide = await staff.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(wide, address).toBe(false);
  }
});

test("a member without the organization's rights is told who can open a deletion", async ({ as }) => {
  const member = await as("member");
  await visit(member, "/");
  const help = new URL(member.url()).pathname.replace(/\/home$/, "/help");
  await visit(member, `${help}/new/delete_agent`);
  await expect(member.getByText(/Ask .*(organization admin)/)).toBeVisible();
});
