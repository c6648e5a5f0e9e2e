import type { Page } from "@playwright/test";
import { newEmail, openLetter, signUp } from "./accounts.ts";
import { payFor, runJob } from "./database.ts";
import { expect, test, visit } from "./fixtures.ts";
import { giveReason } from "./looks.ts";
import { admin, serverUrl } from "./server.ts";

test.describe.configure({ timeout: 180_000 });

const signs = "Signs of abuse have to be looked into";

/** A new person of the staff, in a browser of their own. */
async function newStaff(page: Page, organization: string): Promise<Page> {
  const { email } = await signUp(page, newEmail(), organization);
  await admin("staff", "add", "--email", email, "--roles", "trust");
  return page;
}

/** Asks a model these words over the API. */
const say = (secret: string, content: string): Promise<Response> =>
  fetch(`${serverUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "tiny-chat-1", messages: [{ role: "user", content }], max_tokens: 8 }),
  });

/** A rule by two people of the staff. */
async function putInForce(writer: Page, approver: Page, name: string, expression: string): Promise<void> {
  await visit(writer, "/staff/abuse/rules");
  await writer.getByRole("button", { name: "New rule" }).click();
  const form = writer.getByRole("dialog", { name: "New rule" });
  await form.getByLabel("Name").fill(name);
  await form.getByLabel("What for").selectOption({ label: "Malicious software" });
  await form.getByLabel("Expression").fill(`(?=${expression})`);
  await form.getByRole("button", { name: "Propose rule" }).click();
  await expect(form.getByText(/This is no expression that can be used/)).toBeVisible();
  await form.getByLabel("Expression").fill(expression);
  await form.getByRole("button", { name: "Propose rule" }).click();
  await expect(form).toBeHidden();
  const own = writer.getByRole("row").filter({ hasText: name });
  await expect(own.getByText("Proposed")).toBeVisible();
  await expect(own.getByRole("button", { name: "Approve…" })).toHaveCount(0);
  await visit(approver, "/staff/abuse/rules");
  const row = approver.getByRole("row").filter({ hasText: name });
  await row.getByRole("button", { name: "Approve…" }).click();
  await approver
    .getByRole("dialog", { name: `Approve ${name}` })
    .getByRole("button", { name: "Approve rule" })
    .click();
  await expect(row.getByText("In force")).toBeVisible();
}

/** The row of a customer at the desk of suspensions, once a reason is given. */
async function suspensionOf(staff: Page, name: string) {
  await visit(staff, "/staff/suspensions");
  const row = staff.getByRole("row").filter({ hasText: name });
  await row.getByRole("button", { name: "Look…" }).click();
  await giveReason(staff, `About ${name}, as another person.`, signs);
  return row;
}

test("help-zdr 44: flag, item, suspension by two people, the API says where to appeal, and a third person lifts it (T-4.2.2-ABUSE, T-4.1-USE)", async ({
  page,
  as,
}) => {
  const stamp = Date.now();
  const name = `Night Foundry ${stamp}`;
  const { email, workspace } = await signUp(page, newEmail(), name);
  await payFor(workspace.slice(1));
  const { secret } = await admin<{ secret: string }>(
    "key",
    "create",
    "--workspace",
    workspace.slice(1),
    "--name",
    "test",
  );
  const first = await newStaff(await as("visitor"), "First Desk");
  const third = await newStaff(await as("visitor"), "Third Desk");
  const second = await as("support");
  await putInForce(first, second, `Foundry ${stamp}`, `wombat ${stamp}`);

  expect((await say(secret, `Write a wombat ${stamp} for me`)).status).toBe(200);
  const items = `/staff/abuse?q=${encodeURIComponent(name)}`;
  await expect(async () => {
    await runJob("abuse.scan-contents");
    await visit(first, items);
    await expect(first.getByRole("link", { name: "Malicious software" })).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 60_000 });
  await first.getByRole("link", { name: "Malicious software" }).click();
  await giveReason(first, "A rule points at this customer.", signs);
  await expect(first.getByRole("heading", { level: 1, name })).toBeVisible();
  await first.getByRole("button", { name: "Open requests…" }).click();
  await first.getByRole("dialog").getByRole("button", { name: "Open requests" }).click();
  const read = first.getByRole("dialog", { name: "Requests of this item" });
  await expect(read.getByText(`Write a wombat ${stamp} for me`)).toBeVisible();
  await visit(page, `${workspace}/organization/audit`);
  await expect(
    page
      .getByRole("row")
      .filter({ hasText: /requests opened by our staff/i })
      .first(),
  ).toBeVisible();
  await read.getByRole("button", { name: "Close", exact: true }).last().click();

  await first.getByRole("button", { name: "Suspend…" }).click();
  const suspend = first.getByRole("dialog", { name: "Propose a suspension" });
  await suspend.getByLabel("What happened").fill("Malicious software was asked for, in so many words.");
  await suspend.getByRole("button", { name: "Propose suspension" }).click();
  await expect(suspend).toBeHidden();
  expect((await say(secret, "Hello")).status).toBe(200);

  const proposed = await suspensionOf(second, name);
  await proposed.getByRole("button", { name: "Confirm…" }).click();
  await second.getByRole("dialog").getByRole("button", { name: "Suspend customer" }).click();
  await expect(proposed.getByText("In force")).toBeVisible();
  await expect.poll(async () => (await say(secret, "Hello")).status).toBe(403);
  const refused = (await (await say(secret, "Hello")).json()) as Record<string, unknown>;
  expect(JSON.stringify(refused)).toMatch(/organization_suspended.*"appeal_url":"http[^"]+\/appeal"/);

  await visit(page, `${workspace}/keys`);
  await expect(page.getByText("Access of this organization is suspended")).toBeVisible();
  await openLetter(page, email, /^Your access to .* is suspended$/);
  await visit(page, "/appeal");
  await page.getByRole("button", { name: "Appeal…" }).click();
  const appeal = page.getByRole("dialog", { name: "Appeal against the suspension" });
  await appeal.getByLabel("What we got wrong").fill("A wombat is an animal, and we draw them for children.");
  await appeal.getByRole("button", { name: "Send appeal" }).click();
  await expect(appeal).toBeHidden();

  await visit(second, "/staff/suspensions");
  await expect(proposed.getByRole("button", { name: "Judge appeal…" })).toHaveCount(0);
  const appealed = await suspensionOf(third, name);
  await appealed.getByRole("button", { name: "Judge appeal…" }).click();
  const judge = third.getByRole("dialog");
  await judge.getByLabel("Decision").selectOption({ label: "The suspension is lifted" });
  await judge.getByLabel("Answer").fill("It is an animal indeed; we are sorry for this.");
  await judge.getByRole("button", { name: "Decide appeal" }).click();
  await expect(judge).toBeHidden();
  await expect.poll(async () => (await say(secret, "Hello")).status).toBe(200);

  await visit(page, `${workspace}/organization/privacy/monitoring`);
  await expect(page.getByText("No model looks at what you ask")).toBeVisible();
  const month = page.getByRole("table", { name: "Monitoring by month" }).getByRole("row").nth(1);
  await expect(month).toContainText(`Foundry ${stamp} (version 1)`);
  await expect(month).toContainText("1 suspended");
});
