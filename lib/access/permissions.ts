/** Every permission, with the words that finish "You may not …" and "… can be granted by". */
export const permissions = {
  "account.open": "sign up, sign in and reset a password",
  "account.manage": "manage your own account",
  "workspace.read": "see this workspace",
  "keys.read": "see API keys",
  "keys.write": "create, rotate and revoke API keys",
  "keys.write-any": "change API keys of other people",
  "usage.read": "see usage and cost",
  "usage.read-organization": "see usage and cost of every workspace of the organization",
  "requests.read": "see the request log",
  "limits.read": "see limits",
  "limits.write": "change the spend limits of a workspace and its keys",
  "limits.write-organization": "change the organization's spend limit",
  "rates.request": "ask for higher rate limits",
  "rates.write-workspace": "set tighter rate limits for a workspace",
  "rates.decide": "decide about rate limits",
  "plan.write": "change the organization's plan",
  "models.read": "see the models",
  "completions.create": "ask models for answers",
  "embeddings.create": "ask models for embeddings",
  "playground.use": "use the playground",
  "organization.read": "see the organization",
  "terms.accept": "accept the terms for the organization",
  "letters.read": "read the outbox",
  "system.operate": "operate this installation",
} as const satisfies Record<string, string>;

export type Permission = keyof typeof permissions;
