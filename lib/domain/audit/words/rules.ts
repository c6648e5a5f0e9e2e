import { auditActions } from "#lib/core/audit-actions.ts";
import { formatEuros, parseEuros } from "#lib/core/money.ts";

const phrases: Record<string, string> = auditActions;

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
  return Object.keys(auditActions).filter((action) => actionTitle(action).toLowerCase().includes(part));
}

const typeWords: Record<string, string> = {
  abuse_item: "Sign of abuse",
  abuse_rule: "Rule of monitoring",
  admin_key: "Admin key",
  agent: "Agent",
  agreement: "Master agreement",
  billing: "Billing",
  conversation: "Conversation",
  credit: "Credit",
  dispute: "Dispute",
  document: "Document",
  domain: "Domain",
  group: "Group",
  invitation: "Invitation",
  invoice: "Invoice",
  key: "API key",
  legal_notice: "Legal notice",
  letter: "E-mail",
  look: "Staff access",
  macro: "Macro",
  organization: "Organization",
  override: "Rate limit",
  payment: "Payment",
  payment_method: "Payment method",
  price: "List price",
  publication: "Version of a document",
  rateRequest: "Rate limit request",
  thresholds: "Consumption thresholds",
  ticket: "Ticket",
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

const names = ["name", "handle", "email", "number"] as const;

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
