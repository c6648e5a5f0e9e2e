import type { Context } from "#lib/core/context.ts";

/** Where a ticket is shown. */
export const helpOf = ({ workspaceId }: Context, ticketId: string): string => `/${workspaceId}/help/${ticketId}`;
