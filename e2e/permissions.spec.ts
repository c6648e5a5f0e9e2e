import { demoPassword } from "#db/seed/world.ts";
import { type Role, workspaceOf } from "./accounts.ts";
import { expect, test } from "./fixtures.ts";

const whoCan = "Ask Ilse Brandt (organization admin) or Tomás Rey (organization admin).";
const missing = /404 \(Not Found\)/;

const refusals = {
  keys: "You may not see API keys",
  usage: "You may not see usage and cost",
  logs: "You may not see the request log",
  playground: "You may not use the playground",
} as const;

const refused: Partial<Record<Role, (keyof typeof refusals)[]>> = {
  member: ["keys", "usage", "logs"],
  billing: ["keys", "playground"],
};

for (const [role, sections] of Object.entries(refused)) {
  for (const section of sections) {
    test(`${role} sees on ${section} what is not allowed and who can allow it`, async ({ as }) => {
      const page = await as(role as Role);
      await page.goto(`${workspaceOf(role as Role)}/${section}`);
      await expect(page.getByText(refusals[section])).toBeVisible();
      await expect(page.getByText(/It takes one of these roles: .*Organization admin.*/)).toContainText(whoCan);
      await expect(page.getByRole("button", { name: "Create key" })).toHaveCount(0);
      await expect(page.getByRole("table")).toHaveCount(0);
    });
  }
}

test("a member's way around shows only what they may open", async ({ as }) => {
  const page = await as("member");
  await page.goto(`${workspaceOf("member")}/home`);
  const links = page.getByRole("navigation", { name: "Console" }).getByRole("link");
  await expect(links).toHaveText([
    "Home",
    "Chat",
    "Playground",
    "Agents",
    "Models",
    "Members",
    "Workspaces",
    "Groups",
    "Settings",
  ]);
});

test("a billing manager reads usage and downloads it, and a member is refused the download", async ({ as }) => {
  const page = await as("billing");
  await page.goto(`${workspaceOf("billing")}/usage`);
  await expect(page.getByRole("table", { name: "Usage by model" }).getByRole("row")).not.toHaveCount(0);
  expect((await page.request.get(`${workspaceOf("billing")}/usage/csv`)).status()).toBe(200);
  const member = await as("member");
  expect((await member.request.get(`${workspaceOf("member")}/usage/csv`)).status()).toBe(403);
});

test("a developer changes their own keys and not those of others", async ({ as }) => {
  const page = await as("dev");
  await page.goto(`${workspaceOf("dev")}/keys`);
  await page.getByRole("link", { name: "checkout-backend", exact: true }).click();
  await expect(page.getByRole("button", { name: "Revoke key" })).toBeVisible();
  await page.goto(`${workspaceOf("dev")}/keys`);
  await page.getByRole("link", { name: "nightly-evaluation", exact: true }).click();
  const revoke = page.getByRole("button", { name: "Revoke key" });
  await expect(revoke).toBeDisabled();
  await expect(revoke).toHaveAccessibleDescription(
    /^This key is Tomás Rey’s\. You may not change API keys of other people\. .*Ask Ilse Brandt \(organization admin\)/,
  );
});

test("a workspace of another organization does not exist, its pages and its figures neither", async ({
  as,
  faults,
}) => {
  faults.allow(missing);
  const page = await as("owner");
  const foreign = workspaceOf("founder");
  for (const path of ["home", "keys", "usage", "logs", "playground", "models"]) {
    const answer = await page.goto(`${foreign}/${path}`);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByText("There is nothing at this address")).toBeVisible();
  }
  expect((await page.request.get(`${foreign}/usage/csv`)).status()).toBe(404);
});

test("a key or request of another workspace is not found under one's own", async ({ as, faults }) => {
  faults.allow(missing);
  const owner = await as("owner");
  const founder = await as("founder");
  for (const section of ["keys", "logs"]) {
    await owner.goto(`${workspaceOf("owner")}/${section}`);
    const link = owner.getByRole("table").getByRole("rowheader").getByRole("link").first();
    const id = ((await link.getAttribute("href")) ?? "").split("/").at(-1);
    await founder.goto(`${workspaceOf("founder")}/${section}/${id}`);
    await expect(founder.getByText("There is nothing at this address")).toBeVisible();
  }
});

test("a visitor signs in first and then is where they were going", async ({ page }) => {
  const workspace = workspaceOf("free");
  await page.goto(`${workspace}/usage?by=key`);
  await expect(page).toHaveURL(`/sign-in?${new URLSearchParams({ next: `${workspace}/usage?by=key` })}`);
  await page.getByLabel("E-mail").fill("free@example.com");
  await page.getByLabel("Password", { exact: true }).fill(demoPassword);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${workspace}/usage?by=key`);
});

test("an organization without anything yet says what comes where", async ({ as }) => {
  const page = await as("free");
  const titles = {
    home: "Your first answer",
    keys: "No API keys yet",
    usage: "No usage yet",
    logs: "No requests yet",
  };
  for (const [section, title] of Object.entries(titles)) {
    await page.goto(`${workspaceOf("free")}/${section}`);
    await expect(page.getByText(title)).toBeVisible();
  }
});

test("staff read the outbox; for customers and visitors there is no desk", async ({ as, faults }) => {
  faults.allow(missing);
  const staff = await as("support");
  await staff.goto("/staff/notices");
  await expect(staff.getByRole("heading", { level: 1, name: "Outbox" })).toBeVisible();
  // Of a customer that no other test gives support a reason to look at.
  await staff.goto("/staff/notices?recipient=late@example.com");
  await staff.getByRole("table", { name: "Letters" }).getByRole("link").first().click();
  await expect(staff.getByRole("heading", { name: "Why do you look at Kestrel Freight?" })).toBeVisible();

  const customer = await as("owner");
  for (const path of ["/staff", "/staff/notices", "/staff/rates"]) {
    expect((await customer.goto(path))?.status(), path).toBe(404);
    await expect(customer.getByText("There is nothing at this address")).toBeVisible();
  }
  const visitor = await as("visitor");
  await visitor.goto("/staff/notices");
  await expect(visitor).toHaveURL(/\/sign-in\?next=%2Fstaff%2Fnotices$/);
});
