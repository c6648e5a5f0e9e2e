/** Where a permission is asked for: on a person's own account, in a workspace, in an organization, at a staff desk, at the terminal. */
type Kind = "account" | "workspace" | "organization" | "staff" | "system";

/** Every permission, with the words that finish "You may not …" and "… can be granted by". */
export const permissions = {
  "account.open": { kind: "account", words: "sign up, sign in and reset a password" },
  "account.manage": { kind: "account", words: "manage your own account" },
  "workspace.read": { kind: "workspace", words: "see this workspace" },
  "keys.read": { kind: "workspace", words: "see API keys" },
  "keys.write": { kind: "workspace", words: "create, rotate and revoke API keys" },
  "keys.write-any": { kind: "workspace", words: "change API keys of other people" },
  "usage.read": { kind: "workspace", words: "see usage and cost" },
  "usage.read-organization": {
    kind: "organization",
    words: "see usage and cost of every workspace of the organization",
  },
  "requests.read": { kind: "workspace", words: "see the request log" },
  "limits.read": { kind: "workspace", words: "see limits" },
  "limits.write": { kind: "workspace", words: "change the spend limits of a workspace and its keys" },
  "limits.write-organization": { kind: "organization", words: "change the organization's spend limit" },
  "rates.request": { kind: "workspace", words: "ask for higher rate limits" },
  "rates.write-workspace": { kind: "workspace", words: "set tighter rate limits for a workspace" },
  "rates.decide": { kind: "staff", words: "decide about rate limits" },
  "plan.write": { kind: "organization", words: "change the organization's plan" },
  "billing.read": { kind: "organization", words: "see billing: invoices, payments and credit" },
  "billing.write": { kind: "organization", words: "pay, dispute and change how the organization is billed" },
  "billing.decide": { kind: "staff", words: "decide about customers' bills" },
  "orders.read": { kind: "organization", words: "see the organization's purchase orders" },
  "orders.decide": { kind: "staff", words: "write and approve purchase orders" },
  "prices.decide": { kind: "staff", words: "set list prices" },
  "thresholds.decide": { kind: "staff", words: "set the consumption thresholds" },
  "models.read": { kind: "organization", words: "see the models" },
  "completions.create": { kind: "workspace", words: "ask models for answers" },
  "embeddings.create": { kind: "workspace", words: "ask models for embeddings" },
  "playground.use": { kind: "workspace", words: "use the playground" },
  "agents.read": { kind: "workspace", words: "see the agents of this workspace" },
  "agents.use": { kind: "workspace", words: "ask agents for answers" },
  "agents.write": { kind: "workspace", words: "build agents" },
  "agents.decide": { kind: "staff", words: "decide about reports of agents" },
  "conversations.use": { kind: "workspace", words: "hold conversations with models and agents" },
  "organization.read": { kind: "organization", words: "see the organization" },
  "organization.write": { kind: "organization", words: "rename the organization and change its settings" },
  "members.invite": { kind: "organization", words: "invite people to the organization" },
  "members.write": { kind: "organization", words: "change the roles of members and remove them" },
  "groups.write": { kind: "organization", words: "make groups and say who is in them" },
  "admin-keys.write": { kind: "organization", words: "create and revoke admin keys" },
  "workspaces.write": { kind: "organization", words: "create, archive and restore workspaces" },
  "workspace.write": { kind: "workspace", words: "rename this workspace" },
  "workspace.write-members": { kind: "workspace", words: "say who works in this workspace, and as what" },
  "terms.accept": { kind: "organization", words: "accept the terms for the organization" },
  "organization.write-contact": { kind: "organization", words: "change the organization's registration contact" },
  "privacy.read": { kind: "organization", words: "see what is kept, and receipts of what was deleted" },
  "suspensions.appeal": { kind: "organization", words: "appeal against a suspension" },
  "deletions.decide": { kind: "staff", words: "carry out customers' requests to delete" },
  "holds.decide": { kind: "staff", words: "have data kept as the law says" },
  "abuse.read": { kind: "staff", words: "see signs of abuse" },
  "abuse.decide": { kind: "staff", words: "open signs of abuse and decide about them" },
  "abuse.gag": { kind: "staff", words: "put off what a customer is told of an opening, by order" },
  "suspensions.decide": { kind: "staff", words: "suspend customers and judge their appeals" },
  "audit.read": { kind: "organization", words: "read the audit log" },
  "audit.read-organization": { kind: "organization", words: "read the audit log of the whole organization" },
  "webhooks.read": { kind: "organization", words: "see webhooks and what was delivered" },
  "webhooks.write": { kind: "organization", words: "change webhooks" },
  "help.read": { kind: "organization", words: "see your tickets" },
  "help.write": { kind: "organization", words: "open and answer tickets" },
  "help.write-organization": {
    kind: "organization",
    words: "open tickets for the organization and see all of its tickets",
  },
  "desk.read": { kind: "staff", words: "see the queue of tickets and its figures" },
  "tickets.decide": { kind: "staff", words: "answer and resolve tickets" },
  "zero-retention.request": { kind: "organization", words: "ask for zero retention and end it" },
  "zero-retention.decide": { kind: "staff", words: "decide about zero retention" },
  "letters.read": { kind: "staff", words: "read the outbox" },
  "letters.decide": { kind: "staff", words: "send letters again and settle those that did not arrive" },
  "looks.decide": { kind: "staff", words: "look at a customer's data, with a reason" },
  "jobs.decide": { kind: "staff", words: "see background jobs and try them again" },
  "upstreams.read": { kind: "staff", words: "see how the inference servers do" },
  "system.operate": { kind: "system", words: "operate this installation" },
} as const satisfies Record<string, { kind: Kind; words: string }>;

export type Permission = keyof typeof permissions;

export const kindOf = (permission: Permission): Kind => permissions[permission].kind;

/** Permissions that need no organization around them: a person's own account, and the desks of staff. */
export type OutsidePermission = {
  [P in Permission]: (typeof permissions)[P]["kind"] extends "account" | "staff" ? P : never;
}[Permission];
