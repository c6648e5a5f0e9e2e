import { dayOf } from "#lib/core/clock.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

type Given = { url: string; failingSince: Date; now: Date };

/** The address of a webhook can be a secret of its own, so only its host is named. */
export const webhookDisabledLetter = (to: { email: string; name: string }, { url, failingSince, now }: Given): Letter =>
  compose({
    kind: "integrations.webhook-disabled",
    to,
    subject: `The webhook to ${new URL(url).host} is switched off`,
    before: [
      `Nothing we sent to ${new URL(url).host} has been taken since ${dayOf(failingSince)}, so it was switched off on ${dayOf(now)}.`,
      "What happens from now on is not sent there. What was not delivered is in the list, and can be sent again once the receiver works.",
    ],
    link: { label: "Open the console", path: "/" },
    after: ["Under Organization, Integrations, an admin can switch it on again."],
  });
