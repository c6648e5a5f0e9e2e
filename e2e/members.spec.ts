import { newEmail, signUp, workspaceOf } from "./accounts.ts";
import { payFor } from "./database.ts";
import { expect, test, visit } from "./fixtures.ts";
import { createKey, statusOf } from "./keys.ts";
import { followInvitation, invite, joinAsNew } from "./people.ts";

const missing = /404 \(Not Found\)/;

test("an admin invites a new person, who joins by the letter, gets another role, and is removed: their key is refused within a second", async ({
  as,
  faults,
}) => {
  const admin = await as("visitor");
  const { workspace } = await signUp(admin);
  await payFor(workspace.slice(1));
  const email = newEmail();
  await invite(admin, { workspace, email, roles: ["Developer"] });

  const guest = await as("visitor");
  await joinAsNew(guest, email, "Ben Ito");
  expect(new URL(guest.url()).pathname).toBe(`${workspace}/home`);
  const secret = await createKey(guest, workspace, "notebook");
  expect(await statusOf(secret)).toBe(200);

  await guest.goto(`${workspace}/organization/members`);
  await expect(guest.getByRole("button", { name: "Invite people" })).toHaveAccessibleDescription(
    "You may not invite people to the organization. It takes one of these roles: Organization admin. Ask Nadia Quist (organization admin).",
  );
  await guest.getByRole("button", { name: "Invite people" }).focus();
  await expect(guest.getByText("Ask Nadia Quist (organization admin).")).toBeVisible();

  await visit(admin, `${workspace}/organization/members/invitations`);
  await expect(admin.getByText("No open invitations")).toBeVisible();
  await visit(admin, `${workspace}/organization/members`);
  await admin.getByRole("link", { name: "Ben Ito" }).click();
  await admin.getByRole("button", { name: "Change role", exact: true }).click();
  const roles = admin.getByRole("dialog", { name: "Role of Ben Ito" });
  await roles.getByRole("checkbox", { name: "Billing manager" }).check();
  await roles.getByRole("button", { name: "Save role" }).click();
  await expect(roles).toBeHidden();
  await expect(admin.getByRole("definition").filter({ hasText: "Billing manager" })).toBeVisible();
  await guest.goto(`${workspace}/limits`);
  await expect(guest.getByRole("form", { name: "Organization Quist Bakeries" })).toBeVisible();

  await admin.getByRole("button", { name: "Remove member" }).click();
  const removal = admin.getByRole("dialog", { name: "Remove Ben Ito" });
  await expect(removal).toContainText("1 API key will be refused at once");
  await removal.getByRole("button", { name: "Remove member" }).click();
  await admin.waitForURL(`${workspace}/organization/members`);
  await expect.poll(() => statusOf(secret), { timeout: 1000, intervals: [50] }).toBe(401);
  await expect(admin.getByRole("link", { name: "Ben Ito" })).toHaveCount(0);

  faults.allow(missing);
  expect((await guest.goto(`${workspace}/keys`))?.status()).toBe(404);
  await guest.goto("/");
  await expect(guest.getByRole("heading", { name: "Name your organization" })).toBeVisible();
});

test("a person with an account accepts while signed in, has two organizations then, and the link is used up", async ({
  as,
}) => {
  const admin = await as("founder");
  const workspace = workspaceOf("founder");
  const guest = await as("visitor");
  const { email, workspace: own } = await signUp(guest);
  await invite(admin, { workspace, email });

  const stranger = await as("member");
  const link = await followInvitation(guest, email);
  await stranger.goto(link);
  await expect(stranger.getByText(`You are signed in as member@example.com. Only ${email} can accept`)).toBeVisible();

  await guest.getByRole("button", { name: "Join Quist Bakeries" }).click();
  await guest.waitForURL(/\/welcome\?workspace=/);
  await guest.getByRole("checkbox", { name: /I agree/ }).check();
  await guest.getByRole("button", { name: "Continue" }).click();
  await guest.waitForURL(`${workspace}/home`);
  await guest.getByRole("button", { name: /Switch workspace/ }).click();
  const places = await guest
    .getByRole("link", { name: "Default" })
    .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  expect(places).toEqual(expect.arrayContaining([`${workspace}/home`, `${own}/home`]));
  await guest.goto(`${own}/home`);
  await guest.goto(link);
  await expect(guest.getByText("This invitation was accepted already.")).toBeVisible();

  await visit(guest, `${workspace}/organization/settings`);
  await guest.getByRole("button", { name: "Leave organization" }).click();
  const dialog = guest.getByRole("dialog", { name: "Leave Quist Bakeries" });
  await dialog.getByRole("button", { name: "Leave organization" }).click();
  await guest.waitForURL(`${own}/home`);
});

test("a group gives its people a role in a workspace, and takes it away again", async ({ as, faults }) => {
  const admin = await as("founder");
  const workspace = workspaceOf("founder");
  const email = newEmail();
  const name = `Runa ${email.slice(4, 12)}`;
  await invite(admin, { workspace, email });
  const guest = await as("visitor");
  await joinAsNew(guest, email, name);
  await guest.goto(`${workspace}/logs`);
  await expect(guest.getByText("You may not see the request log")).toBeVisible();

  await visit(admin, `${workspace}/organization/groups?create=1`);
  const team = `Team ${email.slice(4, 12)}`;
  await admin.getByRole("dialog").getByLabel("Name").fill(team);
  await admin.getByRole("dialog").getByRole("button", { name: "Create group" }).click();
  await expect(admin.getByRole("heading", { level: 1, name: team })).toBeVisible();
  await admin.getByRole("button", { name: "Add person" }).click();
  const add = admin.getByRole("dialog", { name: `Add somebody to ${team}` });
  await add.getByLabel("Person").selectOption({ label: `${name}, ${email}` });
  await add.getByRole("button", { name: "Add person" }).click();
  await expect(admin.getByRole("table", { name: "People" }).getByRole("link", { name })).toBeVisible();
  await admin.getByRole("button", { name: "Change role in Default" }).click();
  const change = admin.getByRole("dialog", { name: `${team} in Default` });
  await change.getByRole("checkbox", { name: "Observability viewer" }).check();
  await change.getByRole("button", { name: "Save role" }).click();
  // The dialog lies in the row and has the same words.
  await expect(change).toBeHidden();
  await expect(admin.getByRole("row", { name: /Default/ })).toContainText("Observability viewer");
  await guest.goto(`${workspace}/logs`);
  await expect(guest.getByText("You may not see the request log")).toHaveCount(0);

  await admin.getByRole("button", { name: "Remove group" }).click();
  const removal = admin.getByRole("dialog", { name: `Remove ${team}` });
  await expect(removal).toContainText("1 person loses what the group gives in 1 workspace");
  await removal.getByRole("button", { name: "Remove group" }).click();
  await admin.waitForURL(`${workspace}/organization/groups`);
  await guest.goto(`${workspace}/logs`);
  await expect(guest.getByText("You may not see the request log")).toBeVisible();
  faults.allow(missing);
});

for (const role of ["member", "billing"] as const) {
  test(`${role} sees who belongs to the organization, changes nothing, and is told who can help`, async ({ as }) => {
    const page = await as(role);
    await page.goto(`${workspaceOf(role)}/organization/members?role=organization_admin`);
    const list = page.getByRole("table", { name: "Members" });
    await expect(list.getByRole("rowheader")).toHaveText(["Ilse Brandt", "Tomás Rey"]);
    await expect(page.getByRole("link", { name: "Invitations" })).toHaveCount(0);
    await page.getByRole("link", { name: "Clear filters" }).click();
    await list.getByRole("link", { name: "Mara Okafor" }).click();
    for (const name of ["Change role", "Remove member"]) {
      const control = page.getByRole("button", { name, exact: true });
      await expect(control).toBeDisabled();
      await expect(control).toHaveAccessibleDescription(
        /change the roles of members and remove them\. .* Ask Ilse Brandt \(organization admin\) or Tomás Rey/,
      );
    }
    await page.goto(`${workspaceOf(role)}/organization/workspaces`);
    await expect(page.getByRole("button", { name: "Create workspace" })).toBeDisabled();
    await page.goto(`${workspaceOf(role)}/organization/groups`);
    await expect(page.getByRole("button", { name: "Create group" })).toBeDisabled();
    await page.goto(`${workspaceOf(role)}/organization/settings`);
    await expect(page.getByRole("button", { name: "Rename" })).toBeDisabled();
  });
}

test("filters stay in the address, and no one found is not the same as no one there", async ({ as }) => {
  const page = await as("owner");
  await visit(page, `${workspaceOf("owner")}/organization/members`);
  await page.getByRole("searchbox", { name: "Name or e-mail" }).fill("mara");
  await page.waitForURL(/\?q=mara/);
  await expect(page.getByRole("table", { name: "Members" }).getByRole("rowheader")).toHaveText(["Mara Okafor"]);
  await page.goto(`${workspaceOf("owner")}/organization/members?q=nobody-at-all`);
  await expect(page.getByText("No members match")).toBeVisible();
});

test("the last organization admin cannot leave, and is told what to do first", async ({ as }) => {
  const page = await as("free");
  await page.goto(`${workspaceOf("free")}/organization/settings`);
  const leave = page.getByRole("button", { name: "Leave organization" });
  await expect(leave).toBeDisabled();
  await expect(leave).toHaveAccessibleDescription(/only organization admin\. Make somebody else one first/);
});
