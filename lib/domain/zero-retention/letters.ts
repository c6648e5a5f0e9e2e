import type { Id } from "#db/id.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { noticeDays } from "./rules.ts";

type Addressee = { email: string; name: string };
type About = { organizationId: Id<"organization">; workspaceId: Id<"workspace">; covered: string };

/** Every letter about zero retention: which, its subject, what it says, and the clause it is sent by. */
const kinds = {
  asked: {
    kind: "retention.zero-asked",
    clause: "T-4.2.2.2-ZDR2",
    subject: () => "A question about your request for zero retention",
    says: ({ covered }: About) => [
      `You asked for zero retention for ${covered}. Before we decide we have a question; it is on the Privacy page.`,
      "The request waits for your answer.",
    ],
  },
  approved: {
    kind: "retention.zero-approved",
    clause: "T-4.2.2.2-ZDR2",
    subject: () => "Your request for zero retention is approved",
    says: ({ covered }: About) => [
      `We approved zero retention for ${covered}. From now on nothing that is asked or answered is stored.`,
      "What was stored before is being deleted and the result is checked. We write again when that is complete.",
    ],
  },
  active: {
    kind: "retention.zero-active",
    clause: "T-4.2.2.2-ZDR3",
    subject: () => "Zero retention is active",
    says: ({ covered }: About) => [
      `Zero retention for ${covered} is complete: nothing is stored, what was stored before is deleted, and a check found nothing.`,
      "The evidence is on the Privacy page.",
    ],
  },
  denied: {
    kind: "retention.zero-denied",
    clause: "T-4.2.2.2-ZDR3",
    subject: () => "Your request for zero retention is denied",
    says: ({ covered }: About) => [
      `We do not grant zero retention for ${covered}. The reason is on the Privacy page.`,
      "Nothing changes. You can ask again at any time.",
    ],
  },
  broken: {
    kind: "retention.zero-broken",
    clause: "T-4.2.2.2-ZDR4",
    subject: () => "A check of zero retention failed",
    says: ({ covered }: About) => [
      `The weekly check of zero retention for ${covered} found something that should not be there.`,
      "Our staff look into it now. What was found, and where, is on the Privacy page.",
    ],
  },
  notice: {
    kind: "retention.zero-notice",
    clause: "T-4.2.2.2-ZDR2",
    subject: () => `Zero retention ends in ${noticeDays} days`,
    says: ({ covered }: About) => [
      `Zero retention for ${covered} ends in ${noticeDays} days. Until then nothing is stored. The reason is on the Privacy page.`,
      "From then on what is asked and answered is kept for 30 days.",
    ],
  },
  ended: {
    kind: "retention.zero-ended",
    clause: "T-4.2.2.2-ZDR2",
    subject: () => "Zero retention has ended",
    says: ({ covered }: About) => [
      `Zero retention for ${covered} has ended. From now on what is asked and answered is kept for 30 days.`,
      "What was never stored stays that way.",
    ],
  },
} as const;

export type ZeroRetentionLetter = keyof typeof kinds;

/** None of them repeats what either side wrote: a mailbox keeps for good. */
export const zeroRetentionLetter = (which: ZeroRetentionLetter, to: Addressee, about: About): Letter => {
  const { kind, clause, subject, says } = kinds[which];
  return compose({
    kind,
    to,
    subject: subject(),
    before: says(about),
    link: { label: "Open the Privacy page", path: `/${about.workspaceId}/organization/privacy` },
    organizationId: about.organizationId,
    clause,
  });
};

type Lost = { organizationId: Id<"organization">; workspaceId: Id<"workspace">; upstreams: string[]; models: string[] };

/** T-4.2.2.2-ZDR4: of one or several upstreams it is no longer said that they keep nothing. */
export const markLostLetter = (to: Addressee, { organizationId, workspaceId, upstreams, models }: Lost): Letter =>
  compose({
    kind: "retention.zero-upstream",
    to,
    subject: models.length > 0 ? "Fewer models under zero retention" : "An upstream left zero retention",
    before: [
      `We can no longer say that ${upstreams.join(", ")} keeps nothing. Requests under zero retention do not go there any more.`,
      models.length > 0
        ? `These models are no longer answered under zero retention: ${models.join(", ")}. Requests for them get 403 no_zdr_upstream.`
        : "Every model is still answered by another upstream that keeps nothing.",
    ],
    link: { label: "Open the models", path: `/${workspaceId}/models` },
    organizationId,
    clause: "T-4.2.2.2-ZDR4",
  });
