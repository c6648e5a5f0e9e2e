import { addMinutes } from "#lib/core/clock.ts";

export const recentMinutes = 10;

/**
 * What asks a person to show again that it is they, with the words that finish "Sign in again to …": what ends something,
 * what costs money, and what opens or closes an account. An action names its line (`stepUp` in app/doors/action.ts). A new password
 * is not among it: its form asks for the old one, however recent the sign-in is.
 */
export const guarded = {
  "key.end": "end an API key",
  "admin-key.create": "create an admin key",
  "limit.raise": "raise or remove a spend limit",
  "plan.change": "change the plan",
  "factor.add": "add a second factor",
  "factor.remove": "remove a second factor",
  "codes.renew": "make new recovery codes",
  "sessions.end": "sign out other browsers",
  "sign-in-rules.change": "change how members sign in",
  "domain.change": "change who may join",
  "web-origins.change": "change where keys for web pages work",
  "zero-retention.request": "ask for zero retention",
  "zero-retention.end": "end zero retention",
  "zero-retention.decide": "decide about zero retention",
  "workspace.archive": "archive a workspace",
  "member.remove": "remove a member",
  "email.change": "change your e-mail address",
  "account.delete": "delete your account",
  "contract.terminate": "end the agreement",
  "bundle.create": "take all data of the organization with you",
  "organization.delete": "delete the organization",
  "deletion.carry-out": "delete a customer's data",
  "hold.decide": "open or end a legal hold",
  "model.transfer": "transfer a tuned model",
  "assistance.grant": "let our staff read files",
  "assistance.decide": "read a customer's files",
  "agreement.end": "end a customer's agreement for cause",
  "organization.suspend": "suspend a customer or end that",
} as const satisfies Record<string, string>;

export type Guarded = keyof typeof guarded;

export const isRecent = (provenAt: Date, now: Date): boolean => provenAt > addMinutes(now, -recentMinutes);
