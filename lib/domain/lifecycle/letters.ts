import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { modelPage } from "#lib/domain/models/rules.ts";
import { instantWords } from "./rules.ts";
import type { ModelEndFacts } from "./view.ts";

type Addressee = { email: string; name: string };

type Reminded = Pick<ModelEndFacts, "modelId" | "replacement"> & { endsAt: Date; days: number; requests: number };

/** T-4.2.1-DISC4: to who still asks a model, as its end comes near. */
export const endNearLetter = ({ modelId, replacement, endsAt, days, requests }: Reminded, to: Addressee): Letter =>
  compose({
    kind: "models.reminder",
    to,
    subject: `${modelId} ends in ${days === 1 ? "1 day" : `${days} days`}: you still use it`,
    before: [
      `You asked ${modelId} ${requests.toLocaleString("en-IE")} times in the last 30 days. It ends for you on ${instantWords(endsAt)}; requests for it are refused from then on.`,
      `Use ${replacement} instead. In the console, the model's card leads to the list of what to change.`,
    ],
    link: { label: "Read about the end", path: modelPage(modelId) },
    clause: "T-4.2.1-DISC4",
  });

/** T-4.2.1-DISC1: the notice itself. What it says has to stand by itself, on paper too. */
export const endAnnouncedLetter = (facts: ModelEndFacts, to: Addressee): Letter =>
  compose({
    kind: "models.announced",
    to,
    subject: `${facts.modelId} ends on ${facts.retiresAt.toISOString().slice(0, 10)}`,
    before: [
      `The model ${facts.modelId} ends for you on ${instantWords(facts.retiresAt)}, and not before ${facts.months} months after this letter was delivered. Requests for it are refused from then on.`,
      `Why: ${facts.reason}`,
      `Use ${facts.replacement} instead. It can be asked today, by the same API keys.`,
    ],
    link: { label: "See what you have to change", path: modelPage(facts.modelId) },
    after: [
      "Until that date nothing changes for you. New customers are not offered the model any more. Tuned models that are made of it end with it.",
    ],
    clause: "T-4.2.1-DISC1",
  });

/** To who asked a model until its end. */
export const endedLetter = (
  { modelId, replacement, endsAt }: Pick<Reminded, "modelId" | "replacement" | "endsAt">,
  to: Addressee,
): Letter =>
  compose({
    kind: "models.retired",
    to,
    subject: `${modelId} has ended`,
    before: [
      `The model ${modelId} ended for you on ${instantWords(endsAt)}. Requests for it are refused with 404 model_retired, and so are those for models that were tuned from it.`,
      `Use ${replacement} instead.`,
    ],
    link: { label: "Read about the end", path: modelPage(modelId) },
    clause: "T-4.2.1-DISC1",
  });
