import type { TicketKind } from "#lib/domain/help/kinds/rules.ts";

/** How long the link to a guest's form is good for. */
export const guestHours = 24;

/** What someone without an account can ask for: the deletions that the terms promise also after the contract. */
export const guestKinds = ["delete_agent", "delete_data"] as const satisfies readonly TicketKind[];
