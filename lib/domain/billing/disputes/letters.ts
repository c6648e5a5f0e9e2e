import type { OrganizationContext } from "#lib/core/context.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

type Facts = { ctx: OrganizationContext; to: { email: string; name: string }; number: string };

const common = ({ ctx, to }: Facts) => ({
  to,
  link: { label: "See the dispute", path: "/billing" },
  organizationId: ctx.organizationId,
  clause: "T-5.2-DISP" as const,
});

const outcomes = {
  accepted: "was accepted: all of what you disputed is given back",
  partly: "was accepted in part",
  rejected: "was not accepted; what you disputed is due again",
} as const;

export const decidedLetter = (
  facts: Facts & { outcome: keyof typeof outcomes; answer: string; note: string | null },
): Letter =>
  compose({
    kind: "billing.dispute-decided",
    ...common(facts),
    subject: `Your dispute of ${facts.number} is decided`,
    before: [
      `Your dispute of ${facts.number} ${outcomes[facts.outcome]}.`,
      facts.answer,
      ...(facts.note ? [`Credit note ${facts.note} follows with the document attached.`] : []),
    ],
  });

export const messageLetter = (facts: Facts & { body: string; files: readonly string[] }): Letter =>
  compose({
    kind: "billing.dispute-message",
    ...common(facts),
    subject: `A message about your dispute of ${facts.number}`,
    before: [
      facts.body,
      ...(facts.files.length > 0 ? [`Sent with it, on the page of the dispute: ${facts.files.join(", ")}.`] : []),
    ],
  });
