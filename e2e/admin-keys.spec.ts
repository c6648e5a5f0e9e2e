import { signUp, workspaceOf } from "./accounts.ts";
import { expect, test, visit } from "./fixtures.ts";
import { serverUrl } from "./server.ts";

test("an admin key is made, works for administering alone, and is refused once it is revoked", async ({
  page,
  request,
}) => {
  const { workspace, email } = await signUp(page);
  await visit(page, `${workspace}/organization/admin-keys`);
  await expect(page.getByText("No admin keys yet")).toBeVisible();
  await page.getByRole("button", { name: "Create admin key" }).click();
  const form = page.getByRole("dialog", { name: "Create admin key" });
  await form.getByRole("button", { name: "Create admin key" }).click();
  await expect(form.getByText("Give it a name.")).toBeVisible();
  await form.getByLabel("Name").fill("provisioning");
  await form.getByRole("button", { name: "Create admin key" }).click();
  const ready = page.getByRole("dialog", { name: "provisioning is ready" });
  const key = await ready.getByRole("textbox", { name: "Key" }).inputValue();
  expect(key).toMatch(/^cpa_[0-9A-Za-z]{49}$/);
  await ready.getByRole("button", { name: "I have stored it" }).click();
  const row = page.getByRole("row", { name: /provisioning/ });
  await expect(row).toContainText("Look");
  const users = () => request.get(`${serverUrl}/v1/admin/users`, { headers: { "x-api-key": key } });
  const { members } = await (await users()).json();
  expect(members).toMatchObject([{ email, role_names: ["organization_admin"] }]);
  const models = await request.get(`${serverUrl}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  expect(models.status()).toBe(401);
  await row.getByRole("button", { name: "Revoke" }).click();
  const sure = page.getByRole("dialog", { name: "Revoke provisioning?" });
  await sure.getByRole("button", { name: "Revoke admin key" }).click();
  await expect(row).toContainText("Ended");
  expect((await users()).status()).toBe(401);
});

test("the person who may not make admin keys sees who can", async ({ as }) => {
  const page = await as("dev");
  await page.goto(`${workspaceOf("dev")}/organization/admin-keys`);
  await expect(page.getByText("You may not create and revoke admin keys")).toBeVisible();
  await expect(page.getByRole("button", { name: "Create admin key" })).toHaveCount(0);
});
