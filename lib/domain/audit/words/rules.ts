import { formatEuros, parseEuros } from "#lib/core/money.ts";

/** What each action is, as people say it after the name of what it was done to. */
const phrases: Record<string, string> = {
  "admin_key.create": "admin key created",
  "admin_key.revoke": "admin key revoked",
  "agent.create": "agent created",
  "agent.delete": "agent deleted",
  "agent.dismiss-report": "report dismissed",
  "agent.discard-draft": "draft discarded",
  "agent.draft": "draft saved",
  "agent.force-rename": "renamed by our staff",
  "agent.pass-on": "agent transferred",
  "agent.publish": "agent published",
  "agent.remove-alias": "alias removed",
  "agent.rename": "agent renamed",
  "agent.report": "agent reported",
  "agent.set-alias": "alias set",
  "agent.share": "sharing changed",
  "agent.switch-version": "version switched",
  "api_key.create": "API key created",
  "api_key.pass-on": "API key transferred",
  "api_key.report_leaked": "API key reported as leaked",
  "api_key.revoke": "API key revoked",
  "api_key.rotate": "API key rotated",
  "contact.ask": "new contact address asked for",
  "contact.change": "contact address changed",
  "contact.withdraw": "new contact address withdrawn",
  "conversation.delete": "conversation deleted",
  "conversation.rename": "conversation renamed",
  "domain.add": "domain added",
  "domain.remove": "domain removed",
  "domain.set-joining": "joining by domain changed",
  "domain.verify": "domain verified",
  "group.add": "person added to the group",
  "group.create": "group created",
  "group.remove": "group removed",
  "group.rename": "group renamed",
  "group.set-roles": "roles of the group changed",
  "group.take": "person taken out of the group",
  "invitation.create": "invitation sent",
  "invitation.resend": "invitation sent again",
  "invitation.revoke": "invitation withdrawn",
  "member.join": "joined",
  "member.remove": "member removed",
  "member.set-roles": "role changed",
  "member.set-workspace-roles": "role in a workspace changed",
  "organization.change-plan": "plan",
  "organization.change-sign-in": "sign-in rules changed",
  "organization.create": "organization created",
  "organization.rename": "organization renamed",
  "rates.deny": "higher rate limit denied",
  "rates.end-override": "rate limit of its own ended",
  "rates.grant": "higher rate limit granted",
  "rates.lift-workspace-limits": "rate limits of the workspace lifted",
  "rates.override": "rate limit of its own set",
  "rates.request": "higher rate limit requested",
  "rates.set-workspace-limits": "rate limits of the workspace set",
  "rates.withdraw": "request for a higher rate limit withdrawn",
  "second_factor.add": "second factor added",
  "second_factor.remove": "second factor removed",
  "second_factor.reset": "second factor reset",
  "spend_limit.remove": "spend limit",
  "spend_limit.set": "spend limit",
  "staff.close-look": "our staff stopped looking",
  "staff.look": "seen by our staff",
  "staff.open-look": "our staff gave a reason to look",
  "terms.accept": "terms accepted",
  "webhook.change": "webhook changed",
  "webhook.create": "webhook created",
  "webhook.delete": "webhook deleted",
  "webhook.give-up": "webhook switched off after failures",
  "webhook.replay": "delivery sent again",
  "webhook.rotate-secret": "signing secret rotated",
  "webhook.switch": "webhook switched on or off",
  "workspace.archive": "workspace archived",
  "workspace.create": "workspace created",
  "workspace.rename": "workspace renamed",
  "workspace.restore": "workspace restored",
  "workspace.set-agent-visibility": "sharing of new agents changed",
};

/** Every action the log has words for; a test holds this to what the commands write. */
export const knownActions: readonly string[] = Object.keys(phrases);

/** An action in words; one that is newer than this list as its own name, without its signs. */
export const actionWords = (action: string): string => phrases[action] ?? action.replace(/[._-]/g, " ");

/** An action at the head of a choice. */
export function actionTitle(action: string): string {
  const title = {
    "spend_limit.set": "Spend limit set",
    "spend_limit.remove": "Spend limit removed",
    "organization.change-plan": "Plan changed",
  }[action];
  const words = title ?? actionWords(action);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The actions whose words have a text in them. */
export function actionsLike(text: string): string[] {
  const part = text.toLowerCase();
  return knownActions.filter((action) => actionTitle(action).toLowerCase().includes(part));
}

const typeWords: Record<string, string> = {
  admin_key: "Admin key",
  agent: "Agent",
  conversation: "Conversation",
  document: "Document",
  domain: "Domain",
  group: "Group",
  invitation: "Invitation",
  key: "API key",
  letter: "E-mail",
  look: "Staff access",
  organization: "Organization",
  override: "Rate limit",
  rateRequest: "Rate limit request",
  user: "Person",
  webhook: "Webhook",
  workspace: "Workspace",
};

/** What kind of thing an object is. */
export const objectWords = (type: string): string => typeWords[type] ?? type;

type Values = Record<string, unknown>;
const valuesOf = (side: unknown): Values =>
  typeof side === "object" && side !== null && !Array.isArray(side) ? (side as Values) : {};

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value ? value : undefined);

const names = ["name", "handle", "email"] as const;

/** A name the row itself kept: of things that are gone, the only one there is. */
export function keptName({ before, after }: Sides): string | undefined {
  const [old, fresh] = [valuesOf(before), valuesOf(after)];
  return names.map((name) => textOf(fresh[name]) ?? textOf(old[name])).find((found) => found !== undefined);
}

type Sides = { before: unknown; after: unknown };

const limitOf = (side: unknown): string => {
  const amount = parseEuros(textOf(valuesOf(side).limit) ?? "");
  return typeof amount === "bigint" ? formatEuros(amount) : "none";
};

const periodWords = (side: Sides): string =>
  (textOf(valuesOf(side.after).period) ?? textOf(valuesOf(side.before).period)) === "lifetime"
    ? "lifetime limit"
    : "spend limit";

/** What happened, with the values where they say it shortest: "spend limit €4.00 → €6.00". */
export function changeWords({ action, before, after }: Sides & { action: string }): string {
  if (action.startsWith("spend_limit.")) {
    return `${periodWords({ before, after })} ${limitOf(before)} → ${limitOf(after)}`;
  }
  const [old, fresh] = [valuesOf(before), valuesOf(after)];
  if (action === "organization.change-plan")
    return `plan ${textOf(old.plan) ?? "none"} → ${textOf(fresh.plan) ?? "none"}`;
  const was = action.endsWith(".rename") ? textOf(old.name) : undefined;
  return was === undefined ? actionWords(action) : `${actionWords(action)}, before ${was}`;
}
