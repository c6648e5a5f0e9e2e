import type { Id } from "#db/id.ts";
import { dayOf } from "#lib/core/clock.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { amountWords, lastDayOf, type RateValues, rateKinds } from "./rules.ts";

type Addressee = {
  to: { email: string; name: string };
  organizationId: Id<"organization">;
  organizationName: string;
  workspaceId: Id<"workspace">;
};

type Granted = { model: string | null; values: RateValues; reason: string; expires: Date | null };

export const ratesGrantedLetter = (
  { to, organizationId, organizationName, workspaceId }: Addressee,
  { model, values, reason, expires }: Granted,
): Letter =>
  compose({
    kind: "rates.granted",
    to,
    subject: `Higher rate limits for ${organizationName}`,
    before: [
      `${organizationName} may now send ${model ? `to ${model}` : "to every model"}: ${listOf(values)}.`,
      expires
        ? `This holds until the end of ${dayOf(lastDayOf(expires))} (UTC).`
        : "This holds until we tell you otherwise.",
      `Our answer: ${reason}`,
    ],
    link: { label: "See your limits", path: `/${workspaceId}/limits` },
    organizationId,
    clause: "T-4.2.1-RL",
  });

export const ratesDeniedLetter = (
  { to, organizationId, organizationName, workspaceId }: Addressee,
  { reason }: { reason: string },
): Letter =>
  compose({
    kind: "rates.denied",
    to,
    subject: `Your request for higher rate limits for ${organizationName}`,
    before: ["We cannot raise the limits as you asked. They stay as they are.", `Our answer: ${reason}`],
    link: { label: "See your limits", path: `/${workspaceId}/limits` },
    after: ["You can ask again at any time, for instance with more about what you build."],
    organizationId,
    clause: "T-4.2.1-RL",
  });

const listOf = (values: RateValues): string =>
  rateKinds
    .flatMap((kind) => {
      const value = values[kind];
      return value === null ? [] : [amountWords(kind, value)];
    })
    .join(", ");
