import type { OrganizationContext } from "#lib/core/context.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

/** The free plan holds from now on. */
export const downgradedLetter = ({
  ctx,
  to,
}: {
  ctx: OrganizationContext;
  to: { email: string; name: string };
}): Letter =>
  compose({
    kind: "billing.plan-changed",
    to,
    subject: "Your organization is on the free plan now",
    before: [
      "As you chose, the free plan holds from the first of this month: nothing is billed any more.",
      "Its rate limits apply, prompts and answers may train models as the terms say, and agents are no longer shared. The last invoice follows.",
    ],
    link: { label: "See the plan", path: "/billing" },
    organizationId: ctx.organizationId,
    clause: "T-5.1",
  });
