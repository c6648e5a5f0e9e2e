import type { Id } from "#db/id.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { formatEuros } from "#lib/core/money.ts";

type Addressee = { name: string; email: string };
type About = {
  organizationId: Id<"organization">;
  workspaceId: Id<"workspace">;
  id: Id<"tuningJob">;
  /** How people know the job: its suffix, else the model it tunes. */
  name: string;
  chargedPico: bigint;
};

const common = ({ organizationId, workspaceId, id }: About) => ({
  link: { label: "See the job", path: `/${workspaceId}/fine-tuning/${id}` },
  organizationId,
  clause: "T-4.2.3-1" as const,
});

const costWords = (amount: bigint): string => (amount === 0n ? "It cost nothing." : `It cost ${formatEuros(amount)}.`);

export const succeededLetter = (to: Addressee, about: About, model: string, warnings: readonly string[]): Letter =>
  compose({
    kind: "fine-tuning.succeeded",
    to,
    subject: `Fine-tuning of ${about.name} has succeeded`,
    before: [`Programs can ask the new model by its name, ${model}. ${costWords(about.chargedPico)}`, ...warnings],
    ...common(about),
  });

export const failedLetter = (to: Addressee, about: About, failure: { message: string; advice: string }): Letter =>
  compose({
    kind: "fine-tuning.failed",
    to,
    subject: `Fine-tuning of ${about.name} has failed`,
    before: [failure.message, failure.advice, costWords(about.chargedPico)],
    ...common(about),
  });

export const cancelledLetter = (to: Addressee, about: About, reason: string): Letter =>
  compose({
    kind: "fine-tuning.cancelled",
    to,
    subject: `Fine-tuning of ${about.name} was cancelled`,
    before: [reason, costWords(about.chargedPico)],
    ...common(about),
  });

export const waitingLetter = (to: Addressee, about: About, problem: string): Letter =>
  compose({
    kind: "fine-tuning.waiting-for-limit",
    to,
    subject: `Fine-tuning of ${about.name} waits for room in a spend limit`,
    before: [
      "Its data is checked and it could start, but what it may cost has to fit into every limit first.",
      problem,
      "Once the limit is raised, start the job on its page. It is cancelled if it is not started within 30 days.",
    ],
    ...common(about),
  });

type Kept = { organizationId: Id<"organization">; workspaceId: Id<"workspace">; id: string };

export const storageWaivedLetter = (to: Addressee, { organizationId, workspaceId, id }: Kept, day: string): Letter =>
  compose({
    kind: "billing.storage-waived",
    to,
    subject: "A spend limit left no room for the storage of tuned models",
    before: [
      `On ${day} (UTC) a spend limit left too little for the storage of tuned models, first of ${id}. What it left no room for is not billed, now or later.`,
      "Nothing is deleted because of it. Raise the limit, or delete models that are not needed.",
    ],
    link: { label: "See the limits", path: `/${workspaceId}/limits` },
    organizationId,
    clause: "T-4.2.3-1",
  });
