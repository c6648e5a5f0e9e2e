import type { Page } from "@playwright/test";
import { enter, goodPassword, newEmail, openLetter, signUp } from "./accounts.ts";
import { begin, field, said } from "./chatter.ts";
import { payFor } from "./database.ts";
import { expect, test, visit } from "./fixtures.ts";
import { createKey, secretIn } from "./keys.ts";
import { addDeveloper } from "./people.ts";
import { admin as operator, serverUrl } from "./server.ts";

const missing = /404 \(Not Found\)/;

const nothing = /^There is nothing/;

const post = (secret: string, path: string, body: unknown): Promise<Response> =>
  fetch(`${serverUrl}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });

async function createAgent(secret: string, name: string): Promise<string> {
  const made = await post(secret, "/v1/agents", { model: "tiny-chat-1", name, instructions: "Answer in one line." });
  expect(made.status).toBe(200);
  const { id } = (await made.json()) as { id: string };
  return id;
}

/** How an agent's answer to a message of a person's ends: the status, and the code where it is refused. */
async function answered(secret: string, agent: string): Promise<string> {
  const messages = [{ role: "user", content: "What is the capital of France?" }];
  const response = await post(secret, "/v1/agents/completions", { agent_id: agent, messages, max_tokens: 8 });
  const body = (await response.json()) as { code?: string };
  return response.ok ? "200" : `${response.status} ${body.code}`;
}

type Two = { admin: Page; workspace: string; email: string; ben: Page; own: string; bens: string };

/** An admin on the paid plan, and Ben who develops there, each in a browser of their own and with a key. */
async function twoPeople(as: (who: "visitor") => Promise<Page>): Promise<Two> {
  const admin = await as("visitor");
  const { workspace, email } = await signUp(admin);
  await payFor(workspace.slice(1));
  const ben = await as("visitor");
  await addDeveloper(ben, workspace, { email: newEmail(), name: "Ben Ito" });
  const own = await createKey(admin, workspace, "admins-notebook");
  const bens = await createKey(ben, workspace, "bens-notebook");
  return { admin, workspace, email, ben, own, bens };
}

/** Saves what the page of sharing shows, after what it says becomes reachable. */
async function saveSharing(page: Page, ...says: (string | RegExp)[]): Promise<void> {
  await page.getByRole("button", { name: "Review and save…" }).click();
  const review = page.getByRole("dialog", { name: /^Share / });
  for (const words of says) await expect(review).toContainText(words);
  await review.getByRole("button", { name: "Save sharing" }).click();
  await expect(review).toBeHidden();
}

async function addToList(page: Page, search: string, name: string | RegExp): Promise<void> {
  await page.getByRole("button", { name: /^Add people/ }).click();
  const dialog = page.getByRole("dialog", { name: /^Share / });
  await dialog.getByLabel("Find").fill(search);
  await dialog.getByRole("checkbox", { name }).check();
  await dialog.getByRole("button", { name: "Add to the list" }).click();
  await expect(dialog).toBeHidden();
}

async function explained(page: Page, person: RegExp): Promise<void> {
  const options = page.getByRole("combobox", { name: "Person" });
  const label = await options.getByRole("option", { name: person }).textContent();
  await options.selectOption({ label: label ?? "" });
  await page.getByRole("button", { name: "Explain" }).click();
  await page.waitForURL(/\?who=usr_/);
}

test("T-4.3-SHARE2, T-4.3-SHARE3: everyone uses an agent until it is restricted; then only those named, from the next message on", async ({
  as,
  faults,
}) => {
  test.setTimeout(120_000);
  faults.allow(missing);
  const { admin, workspace, ben, own, bens } = await twoPeople(as);
  const agent = await createAgent(own, "Planner");
  const sharing = `${workspace}/agents/${agent}/sharing`;

  await visit(ben, `${workspace}/agents`);
  await expect(ben.getByRole("link", { name: "Planner" })).toBeVisible();
  expect(await answered(bens, agent)).toBe("200");
  await ben.goto(sharing);
  await expect(ben.getByText("Nadia Quist owns this agent.")).toBeVisible();
  await expect(ben.getByRole("button", { name: "Review and save…" })).toHaveCount(0);

  await visit(admin, sharing);
  await expect(admin.getByText("Everyone in Default can use this agent")).toBeVisible();
  await admin.getByRole("radio", { name: /^Only those named/ }).check();
  await saveSharing(admin, "Cannot use it any more", "Ben Ito");
  await expect(admin.getByText("Only those named can use this agent")).toBeVisible();
  expect(await answered(bens, agent)).toBe("404 agent_not_found");
  expect(await answered(own, agent)).toBe("200");
  await ben.goto(sharing);
  await expect(ben.getByRole("heading", { name: nothing })).toBeVisible();
  await visit(ben, `${workspace}/agents`);
  await expect(ben.getByRole("heading", { name: "No agents yet" })).toBeVisible();
  await explained(admin, /Ben Ito/);
  await expect(admin.getByRole("status").getByText("Ben Ito cannot see it")).toBeVisible();

  await visit(admin, sharing);
  await addToList(admin, "ben", /^Ben Ito/);
  await saveSharing(admin, /Can use it from now on\s*Ben Ito/, "billed to Default");
  expect(await answered(bens, agent)).toBe("200");
  await explained(admin, /Ben Ito/);
  await expect(admin.getByText("It is shared with them by name: they may use it.")).toBeVisible();

  await visit(admin, `${workspace}/agents`);
  await admin.getByRole("link", { name: "View as somebody else" }).click();
  await admin.getByRole("combobox", { name: "Person" }).selectOption({ label: await benOption(admin) });
  await admin.getByRole("button", { name: "View" }).click();
  await admin.waitForURL(/member=usr_/);
  await expect(admin.getByRole("row", { name: /Planner/ })).toContainText("It is shared with them by name");
});

const benOption = async (page: Page): Promise<string> =>
  (await page.getByRole("option", { name: /Ben Ito/ }).textContent()) ?? "";

test("T-4.3-SHARE3: in an open chat the next message after a revoke is refused, and after a grant it is answered", async ({
  as,
  faults,
}) => {
  test.setTimeout(120_000);
  faults.allow(missing);
  const { admin, workspace, ben, own } = await twoPeople(as);
  const agent = await createAgent(own, "Planner");
  await visit(ben, `${workspace}/chat?agent=${agent}`);
  await ben.getByRole("checkbox", { name: /I agree/ }).check();
  await ben.getByRole("button", { name: "Continue" }).click();
  await begin(ben);
  await expect(said(ben).last()).toContainText("Planner");

  const sharing = `${workspace}/agents/${agent}/sharing`;
  await visit(admin, sharing);
  await admin.getByRole("radio", { name: /^Only those named/ }).check();
  await saveSharing(admin);
  await field(ben).fill("Still there?");
  await field(ben).press("Enter");
  await expect(ben.getByText("There is no such agent here, or it is not shared with you.")).toBeVisible();
  await expect(ben.getByText("Still there?")).toBeVisible();

  await addToList(admin, "ben", /^Ben Ito/);
  await saveSharing(admin);
  await ben.getByRole("button", { name: "Try again" }).click();
  await expect(ben.getByRole("button", { name: "Answer again, as a branch" })).toBeVisible();
  await expect(said(ben)).toHaveCount(4);
});

test("T-4.3-SHARE3: a group gives an agent to who is in it, for as long as they are", async ({ as }) => {
  test.setTimeout(120_000);
  const { admin, workspace, own, bens } = await twoPeople(as);
  const agent = await createAgent(own, "Planner");
  await visit(admin, `${workspace}/organization/groups?create=1`);
  await admin.getByLabel("Name").fill("Analysts");
  await admin.getByRole("dialog").getByRole("button", { name: "Create group" }).click();
  await admin.waitForURL(/\/groups\/grp_/);
  const group = admin.url();
  await admin.getByRole("button", { name: "Add person" }).click();
  const adding = admin.getByRole("dialog", { name: "Add somebody to Analysts" });
  await adding.getByLabel("Person").selectOption({ label: await benOption(admin) });
  await adding.getByRole("button", { name: "Add person" }).click();
  await expect(adding).toBeHidden();

  await visit(admin, `${workspace}/agents/${agent}/sharing`);
  await admin.getByRole("radio", { name: /^Only those named/ }).check();
  await addToList(admin, "analysts", /^Analysts \(group\)/);
  await saveSharing(admin);
  expect(await answered(bens, agent)).toBe("200");
  await explained(admin, /Ben Ito/);
  await expect(admin.getByText("They are a member of the group Analysts, which may use it.")).toBeVisible();

  await visit(admin, group);
  await admin.getByRole("button", { name: "Take out" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "Take out" }).click();
  await expect(admin.getByText("Nobody is in this group yet.")).toBeVisible();
  expect(await answered(bens, agent)).toBe("404 agent_not_found");
});

test("T-4.3-SHARE3: a service key is the workspace's, and uses a restricted agent once it was shared with it", async ({
  as,
}) => {
  test.setTimeout(120_000);
  const admin = await as("visitor");
  const { workspace } = await signUp(admin);
  await payFor(workspace.slice(1));
  const agent = await createAgent(await createKey(admin, workspace, "notebook"), "Planner");
  await visit(admin, `${workspace}/keys?create=1`);
  await admin.getByRole("textbox", { name: "Name" }).fill("batch");
  await admin.getByRole("checkbox", { name: "Service key" }).check();
  await admin.getByRole("dialog").getByRole("button", { name: "Create key" }).click();
  const made = admin.getByRole("dialog", { name: "batch is ready" });
  const service = await secretIn(made);
  await made.getByRole("button", { name: "I have stored it" }).click();
  await expect(admin.getByRole("row", { name: /batch/ })).toContainText("Service key");
  expect(await answered(service, agent)).toBe("200");

  await visit(admin, `${workspace}/agents/${agent}/sharing`);
  await admin.getByRole("radio", { name: /^Only those named/ }).check();
  await saveSharing(admin, /Cannot use it any more\s*the service key batch/);
  await expect(admin.getByText("Only those named can use this agent")).toBeVisible();
  expect(await answered(service, agent)).toBe("404 agent_not_found");
  await addToList(admin, "batch", /^batch \(service key\)/);
  await saveSharing(admin);
  expect(await answered(service, agent)).toBe("200");
});

test("T-4.3-SHARE3: what a person owns passes to an admin when they are removed, who hears of it by letter", async ({
  as,
}) => {
  test.setTimeout(120_000);
  const { admin, workspace, email, bens } = await twoPeople(as);
  const agent = await createAgent(bens, "Bens planner");
  await visit(admin, `${workspace}/organization/members`);
  await admin.getByRole("link", { name: "Ben Ito" }).click();
  await admin.getByRole("button", { name: "Remove member" }).click();
  const removal = admin.getByRole("dialog", { name: "Remove Ben Ito" });
  await expect(removal).toContainText("1 agent passes to an admin of the workspace");
  await removal.getByRole("button", { name: "Remove member" }).click();
  await admin.waitForURL(`${workspace}/organization/members`);
  await expect
    .poll(async () => (await answered(bens, agent)).slice(0, 3), { timeout: 1000, intervals: [50] })
    .toBe("401");
  await visit(admin, `${workspace}/agents/${agent}/sharing`);
  await expect(admin.getByText("Nadia Quist (you)")).toBeVisible();
  await openLetter(admin, email, "You own the agent Bens planner now");
});

test("T-4.3-RESP2: a reported agent is renamed by staff; its owner reads why in a letter", async ({ as, faults }) => {
  test.setTimeout(120_000);
  faults.allow(missing);
  const { admin, workspace, email, ben, own } = await twoPeople(as);
  const name = `Acme ${email.slice(4, 10)}`;
  const agent = await createAgent(own, name);
  await visit(ben, `${workspace}/agents/${agent}/sharing`);
  await ben.getByRole("button", { name: "More about this agent" }).click();
  await ben.getByRole("button", { name: "Report…" }).click();
  const report = ben.getByRole("dialog", { name: `Report the name of ${name}` });
  await report.getByLabel("What is wrong with its name?").selectOption({ index: 1 });
  await report.getByLabel("Details").fill("Acme is a bank.");
  await report.getByRole("button", { name: "Send report" }).click();
  await expect(report).toBeHidden();

  const staff = await as("visitor");
  const { email: staffEmail } = await signUp(staff);
  expect((await staff.goto("/staff/agents"))?.status()).toBe(404);
  await operator("staff", "add", "--email", staffEmail, "--roles", "trust");
  const desk = await as("visitor");
  await enter(desk, staffEmail, goodPassword);
  await visit(desk, "/staff/agents");
  await desk.getByRole("button", { name: `Rename ${name}` }).click();
  const dialog = desk.getByRole("dialog", { name: new RegExp(`^Rename ${name}`) });
  await dialog.getByLabel("New name").fill("Support");
  await dialog.getByLabel("New handle").fill("travel-desk");
  await dialog.getByLabel("Reason").fill("The name belongs to a bank.");
  await dialog.getByRole("button", { name: "Rename agent" }).click();
  await expect(dialog.getByText("This could be taken for the provider or its people.").first()).toBeVisible();
  await dialog.getByLabel("New name").fill("Travel desk");
  await dialog.getByRole("button", { name: "Rename agent" }).click();
  await expect(dialog).toBeHidden();
  await expect(desk.getByRole("row", { name: new RegExp(name) })).toContainText("Renamed");

  await admin.goto(`${workspace}/agents/${agent}/sharing`);
  await expect(admin.getByRole("heading", { level: 1, name: "Travel desk" })).toBeVisible();
  await openLetter(admin, email, `We renamed your agent ${name}`);
  await expect(admin.getByText("The name belongs to a bank.")).toBeVisible();
});
