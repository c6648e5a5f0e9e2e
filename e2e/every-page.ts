import fs from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { enter, homeOf, type Role, signUp, workspaceOf } from "./accounts.ts";
import { assistanceSights } from "./assistance-pages.ts";
import { batchSights } from "./batch-pages.ts";
import { deskSights } from "./desk-pages.ts";
import { documentationSights } from "./documentation-pages.ts";
import { addApp, signOut } from "./factors.ts";
import { fineTuningSights } from "./fine-tuning-pages.ts";
import { visit } from "./fixtures.ts";
import { helpSights } from "./help-pages.ts";
import { integrationSights } from "./integration-pages.ts";
import { firstOf, ofWorkspace, type Sight, under } from "./sight.ts";

/** The first agent that a person may see. */
const agentOf = (role: Role): Sight["at"] => firstOf(() => `${workspaceOf(role)}/agents`);

const sharingOf =
  (role: Role): Sight["at"] =>
  async (page) =>
    `${await agentOf(role)(page)}/sharing`;

const versionsOf: Sight["at"] = async (page) => `${await agentOf("owner")(page)}/versions`;

/** The first delivery of the first webhook. */
const deliveryOf: Sight["at"] = async (page) => {
  const webhook = await firstOf(() => `${workspaceOf("owner")}/organization/integrations/webhooks`)(page);
  return firstOf(() => webhook)(page);
};

/** A conversation of the owner's, begun to be looked at. */
async function conversationOf(page: Page): Promise<string> {
  await visit(page, `${workspaceOf("owner")}/chat`);
  await page.getByLabel("Your message").fill("What is the capital of France?");
  await page.getByRole("button", { name: "Send" }).click();
  await page.waitForURL(/\/chat\/conv_\w+$/);
  return new URL(page.url()).pathname;
}

/** An unused token's shape: the page behind it looks the same whether the token is good. */
const token = "A".repeat(43);

const visited = (route: string, state?: string, address = route): Sight => ({
  route,
  ...(state && { state }),
  role: "visitor",
  at: () => address,
});

/** Half signed in: the password was right, and the second factor is still owed. */
async function owingSecondFactor(page: Page): Promise<string> {
  const { email, password } = await signUp(page);
  await addApp(page);
  await signOut(page);
  await enter(page, email, password);
  return "/sign-in/second-factor";
}

export const sights: readonly Sight[] = [
  visited("/sign-in"),
  visited("/sign-in", "after an error", "/sign-in?error=AccessDenied"),
  { route: "/sign-in/second-factor", role: "visitor", at: owingSecondFactor },
  visited("/sign-up"),
  visited("/confirm"),
  visited("/confirm", "from a letter", `/confirm?token=${token}`),
  visited("/report"),
  visited("/request"),
  visited("/request", "from a letter", `/request?token=${token}`),
  visited("/forgot-password"),
  visited("/reset-password", "from a letter", `/reset-password?token=${token}`),
  { route: "/welcome", state: "before agreeing", role: "invited", at: () => homeOf("invited") },
  visited("/legal"),
  visited("/legal/[kind]", "terms", "/legal/terms"),
  visited("/legal/[kind]", "privacy", "/legal/privacy"),
  ...documentationSights,
  visited("/legal/transparency"),
  visited("/legal/subprocessors"),
  visited("/legal/[kind]", "data processing", "/legal/data-processing"),
  visited("/legal/[kind]/[version]", undefined, "/legal/terms/1"),
  visited("/legal/[kind]/[version]/diff/[other]", undefined, "/legal/terms/1/diff/1"),
  visited("/demo/outbox"),
  visited("/demo/outbox", "nothing found", "/demo/outbox?recipient=nobody-at-all"),
  { route: "/demo/outbox/[letter]", role: "visitor", at: firstOf(() => "/demo/outbox") },
  ofWorkspace("owner", "home"),
  ofWorkspace("owner", "organization/contract/changes"),
  ofWorkspace("free", "home", "before the first answer"),
  ofWorkspace("member", "home", "without usage"),
  ofWorkspace("owner", "keys"),
  ofWorkspace("owner", "keys", "creating one", "keys?create=1"),
  ofWorkspace("free", "keys", "empty"),
  ofWorkspace("member", "keys", "refused"),
  { route: "/[workspace]/keys/[key]", role: "owner", at: firstOf(() => `${workspaceOf("owner")}/keys`) },
  ofWorkspace("owner", "usage"),
  ofWorkspace("owner", "usage", "as a table", "usage?by=key&view=table&measure=tokens"),
  ofWorkspace("owner", "usage", "nothing in these days", "usage?from=2020-01-01&to=2020-01-02"),
  ofWorkspace("free", "usage", "empty"),
  ofWorkspace("owner", "limits"),
  ofWorkspace("dev", "limits", "without changing the workspace's"),
  ofWorkspace("free", "limits", "without any"),
  ofWorkspace("member", "limits", "refused"),
  ofWorkspace("owner", "logs"),
  ofWorkspace("owner", "logs", "nothing found", "logs?model=none"),
  ofWorkspace("free", "logs", "empty"),
  { route: "/[workspace]/logs/[request]", role: "owner", at: firstOf(() => `${workspaceOf("owner")}/logs`) },
  ofWorkspace("owner", "models"),
  {
    route: "/[workspace]/models/[model]/impact",
    state: "of a model that does not end",
    role: "owner",
    at: under("owner", "models/tiny-chat-1/impact"),
    status: 404,
  },
  {
    route: "/[workspace]/models/[model]/trial",
    state: "of a model that does not end",
    role: "owner",
    at: under("owner", "models/tiny-chat-1/trial"),
    status: 404,
  },
  ofWorkspace("owner", "playground"),
  ofWorkspace("founder", "chat", "before its terms"),
  ofWorkspace("owner", "chat"),
  ofWorkspace("owner", "chat", "nothing found", "chat?q=nobody-at-all"),
  { route: "/[workspace]/chat/[conversation]", role: "owner", at: conversationOf },
  ofWorkspace("owner", "agents"),
  ofWorkspace("owner", "agents", "creating one", "agents?create=1"),
  ofWorkspace("owner", "agents", "nothing found", "agents?q=no-such-agent"),
  ofWorkspace("free", "agents", "empty"),
  ofWorkspace("billing", "agents", "refused"),
  ofWorkspace("owner", "agents/deleted"),
  { route: "/[workspace]/agents/[agent]", role: "owner", at: agentOf("owner") },
  { route: "/[workspace]/agents/[agent]", state: "reading only", role: "member", at: agentOf("member") },
  { route: "/[workspace]/agents/[agent]/versions", role: "owner", at: versionsOf },
  { route: "/[workspace]/agents/[agent]/sharing", role: "owner", at: sharingOf("owner") },
  { route: "/[workspace]/agents/[agent]/sharing", state: "reading only", role: "member", at: sharingOf("member") },
  ofWorkspace("owner", "agents/view-as"),
  ofWorkspace("member", "agents/view-as", "refused"),
  visited("/invitation", "unusable", `/invitation?token=${token}`),
  ofWorkspace("owner", "organization/members"),
  ofWorkspace("owner", "organization/members", "inviting", "organization/members?create=1"),
  ofWorkspace("owner", "organization/members", "nobody found", "organization/members?q=nobody-at-all"),
  ofWorkspace("member", "organization/members", "reading only"),
  ofWorkspace("owner", "organization/members/invitations"),
  ofWorkspace("member", "organization/members/invitations", "refused"),
  {
    route: "/[workspace]/organization/members/[member]",
    role: "owner",
    at: firstOf(() => `${workspaceOf("owner")}/organization/members`),
  },
  ofWorkspace("owner", "organization/workspaces"),
  {
    route: "/[workspace]/organization/workspaces/[place]",
    role: "owner",
    at: firstOf(() => `${workspaceOf("owner")}/organization/workspaces`),
  },
  ofWorkspace("owner", "organization/groups"),
  ofWorkspace("free", "organization/groups", "empty"),
  {
    route: "/[workspace]/organization/groups/[group]",
    role: "owner",
    at: firstOf(() => `${workspaceOf("owner")}/organization/groups`),
  },
  ofWorkspace("owner", "organization/settings"),
  ofWorkspace("member", "organization/settings", "reading only"),
  ofWorkspace("owner", "organization/privacy"),
  ofWorkspace("free", "organization/privacy", "free"),
  ofWorkspace("member", "organization/privacy", "refused"),
  ofWorkspace("owner", "organization/privacy/data"),
  ofWorkspace("owner", "organization/privacy/receipts"),
  ofWorkspace("free", "organization/privacy/receipts", "empty"),
  {
    route: "/[workspace]/organization/privacy/receipts/[receipt]",
    role: "owner",
    at: firstOf(() => `${workspaceOf("owner")}/organization/privacy/receipts`),
  },
  ofWorkspace("owner", "organization/privacy/monitoring"),
  ofWorkspace("free", "organization/privacy/monitoring", "a quiet month"),
  ofWorkspace("owner", "organization/suspension", "never"),
  ofWorkspace("owner", "organization/contract"),
  ofWorkspace("owner", "organization/contract", "what needs an act", "organization/contract?show=needs-me"),
  ofWorkspace("free", "organization/contract", "free"),
  ofWorkspace("member", "organization/contract", "refused"),
  ofWorkspace("owner", "organization/contract/ending"),
  ofWorkspace("free", "organization/contract/ending", "free"),
  ofWorkspace("member", "organization/contract/ending", "refused"),
  ofWorkspace("owner", "organization/contract/changes", "none announced"),
  ofWorkspace("owner", "organization/contract/bundle", "none asked for"),
  ofWorkspace("member", "organization/contract/bundle", "refused"),
  ofWorkspace("owner", "organization/audit"),
  ofWorkspace("owner", "organization/audit", "nothing found", "organization/audit?action=none-such"),
  ofWorkspace("billing", "organization/audit", "of one workspace"),
  ofWorkspace("member", "organization/audit", "refused"),
  {
    route: "/[workspace]/organization/audit/[event]",
    role: "owner",
    at: firstOf(() => `${workspaceOf("owner")}/organization/audit`),
  },
  ...integrationSights,
  ofWorkspace("owner", "organization/integrations/webhooks"),
  ofWorkspace("free", "organization/integrations/webhooks", "empty"),
  ofWorkspace("dev", "organization/integrations/webhooks", "refused"),
  {
    route: "/[workspace]/organization/integrations/webhooks/[webhook]",
    role: "owner",
    at: firstOf(() => `${workspaceOf("owner")}/organization/integrations/webhooks`),
  },
  { route: "/[workspace]/organization/integrations/webhooks/[webhook]/[delivery]", role: "owner", at: deliveryOf },
  ofWorkspace("owner", "organization/admin-keys"),
  ofWorkspace("dev", "organization/admin-keys", "refused"),
  ...["", "/invoices", "/methods", "/credits", "/disputes", "/profile", "/plan", "/prices", "/orders"].map((part) =>
    ofWorkspace("owner", `organization/billing${part}`),
  ),
  ofWorkspace("free", "organization/billing", "free"),
  ofWorkspace("member", "organization/billing", "refused"),
  {
    route: "/[workspace]/organization/billing/invoices/[invoice]",
    role: "owner",
    at: firstOf(() => `${workspaceOf("owner")}/organization/billing/invoices`),
  },
  {
    route: "/[workspace]/organization/billing/disputes/[dispute]",
    role: "owner",
    at: firstOf(() => `${workspaceOf("owner")}/organization/billing/disputes`),
  },
  ofWorkspace("free", "organization/billing/plan", "free"),
  ...fineTuningSights,
  ...batchSights,
  ...helpSights,
  ...assistanceSights,
  { route: "/verify", role: "visitor", at: () => "/verify" },
  { route: "/sandbox-pay/[ref]", role: "visitor", at: () => "/sandbox-pay/none", status: 404 },
  { route: "/account/notices", role: "owner", at: () => "/account/notices" },
  { route: "/account/notices", state: "empty", role: "member", at: () => "/account/notices?show=unread" },
  { route: "/account/notices/[letter]", role: "owner", at: firstOf(() => "/account/notices") },
  visited("/contact", "from a letter", `/contact?token=${token}`),
  visited("/email", "from a letter", `/email?token=${token}`),
  visited("/email", "to take it back", `/email?undo=1&token=${token}`),
  visited("/status-letters", "to subscribe", "/status-letters"),
  visited("/status-letters/confirm", "from a letter", `/status-letters/confirm?token=${token}`),
  visited("/unsubscribe", "from a letter", "/unsubscribe?code=none"),
  { route: "/account", role: "owner", at: () => "/account" },
  ...deskSights,
  { route: "not found", state: "anywhere", role: "visitor", at: () => "/nothing/here", status: 404 },
  { route: "not found", state: "in a workspace", role: "owner", at: under("owner", "keys/none"), status: 404 },
  { route: "not found", state: "an agent", role: "owner", at: under("owner", "agents/none"), status: 404 },
  {
    route: "not found",
    state: "a member",
    role: "owner",
    at: under("owner", "organization/members/none"),
    status: 404,
  },
];

/** Pages that only lead to others. */
export const signposts = ["/", "/[workspace]", "/billing", "/appeal", "/agreement", "/staff-access"];

const app = path.resolve(import.meta.dirname, "../app");

/** Every page there is, as the files of `app` say. */
export const routes: readonly string[] = fs
  .readdirSync(app, { recursive: true, encoding: "utf8" })
  .filter((file) => path.basename(file) === "page.tsx")
  .map((file) => `/${path.dirname(file).split(path.sep).join("/")}`.replace(/\/(\([^/]+\)|\.)(?=\/|$)/g, "") || "/")
  .toSorted();
