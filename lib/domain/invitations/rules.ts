export const invitationDays = 7;

/** How often one address may be invited in a week, and how soon a letter can be sent again: no one's inbox is flooded. */
export const invitationsAWeekMax = 5;
export const resendAfterMinutes = 1;

type Invitation = { acceptedAt: Date | null; revokedAt: Date | null; expiresAt: Date };
export type InvitationState = "open" | "accepted" | "revoked" | "expired";

/** What an invitation is at an instant; at its end it is expired. */
export function stateOf({ acceptedAt, revokedAt, expiresAt }: Invitation, at: Date): InvitationState {
  if (acceptedAt) return "accepted";
  if (revokedAt) return "revoked";
  return expiresAt <= at ? "expired" : "open";
}

export const isSameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** What open invitations can be sorted by, and their order when nothing is said. */
export const invitationSorts = ["email", "sent"] as const;
export const invitationOrder = "-sent";
