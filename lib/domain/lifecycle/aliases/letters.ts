import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { formatPrice, type Price } from "#lib/core/money.ts";
import { instantWords } from "#lib/domain/lifecycle/rules.ts";
import { modelPage } from "#lib/domain/models/rules.ts";
import type { MoveFacts } from "./view.ts";

type Addressee = { email: string; name: string };

const priceWords = (model: string, price: Price | null): string =>
  price
    ? `${model}: ${formatPrice(price.inputMicros)} for a million tokens of prompts, ${formatPrice(price.outputMicros)} of answers.`
    : `${model}: no price.`;

/** T-4.2.1-DISC4: a name of a model stands for another one from a date on. */
export const aliasMovesLetter = ({ alias, before, modelId, fromAt, days, prices }: MoveFacts, to: Addressee): Letter =>
  compose({
    kind: "models.alias-moves",
    to,
    subject: `${alias} stands for ${modelId} from ${fromAt.toISOString().slice(0, 10)}`,
    before: [
      `Requests for ${alias} are answered by ${modelId} from ${instantWords(fromAt)} on, and not before ${days} days after this letter was delivered. Until then ${before} answers them.`,
      `What they cost you: ${priceWords(before, prices.before)} ${priceWords(modelId, prices.after)}`,
      `To stay with ${before}, ask for it by its own name.`,
    ],
    link: { label: "Read about the model", path: modelPage(modelId) },
    clause: "T-4.2.1-DISC4",
  });
