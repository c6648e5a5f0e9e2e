import { undoEmailDays } from "#lib/core/access/person.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

type Recipient = { email: string; name: string };

/** Goes to the new address: the person who reads it there says so. */
export const emailVerifyLetter = (to: Recipient, token: string): Letter =>
  compose({
    kind: "account.verify-new-email",
    to,
    subject: "Confirm your new e-mail address",
    before: ["This address was given as the new one of an account. Confirm it to sign in with it from then on."],
    link: { label: "See and confirm", path: `/email?token=${token}` },
    after: [
      "The link works once, for 24 hours, for the person who is signed in to that account; it signs out every browser.",
      "If it was not you, do nothing: nothing changes.",
    ],
  });

/** Goes to the old address at once, so that a change its owner did not want can be stopped. */
export const emailAskedLetter = (to: Recipient, wanted: string): Letter =>
  compose({
    kind: "account.new-email-asked",
    to,
    subject: "A new e-mail address was given for your account",
    before: [
      `Somebody who is signed in to your account wants it to have the address ${wanted}. It has this one until that one is confirmed.`,
    ],
    link: { label: "It was not me: choose a new password", path: "/forgot-password" },
    after: ["A new password signs out every browser and stops the change."],
  });

export const emailChangedLetter = (to: Recipient, now: string, token: string): Letter =>
  compose({
    kind: "account.email-changed",
    to,
    subject: "Your account has another e-mail address now",
    before: [`From now on you sign in with ${now}, and letters about your account go there.`],
    link: { label: "It was not me: take it back", path: `/email?undo=1&token=${token}` },
    after: [
      `For ${undoEmailDays} days this link gives the account its former address back, ends its password and signs out every browser.`,
    ],
  });
