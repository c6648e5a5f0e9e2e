import { part } from "#lib/core/command.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { cancelDeadline, meetDeadline, openDeadline } from "#lib/domain/deadlines/commands.ts";
import type { GivenNotice, LegalNotice } from "#lib/domain/notices/legal/view.ts";
import { clocksOf } from "./rules.ts";

/** From when a notice is given until its date the customer's clocks run to it: to take effect, and to disagree. */
export const beginClocks = part(async (ctx: OrganizationContext, notice: GivenNotice): Promise<void> => {
  const subject = { kind: "legal_notice", id: notice.id } as const;
  for (const clock of clocksOf(notice.about)) await openDeadline(ctx, { clock, subject, dueAt: notice.effectiveAt });
});

/** Ends them: the date has come, or the notice is not given after all, or ended with the agreement. */
export const stopClocks = part(
  async (ctx: OrganizationContext, { id, about }: LegalNotice, how: "met" | "cancelled"): Promise<void> => {
    for (const clock of clocksOf(about)) await (how === "met" ? meetDeadline : cancelDeadline)(ctx, clock, id);
  },
);
