import { env } from "#lib/core/env.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

type Recipient = { email: string; name: string };

const account = { label: "Look at your account", path: "/account" };
const notMe = "If it was not you, choose a new password at once: that signs out every browser.";

export type SeenDevice = { at: Date; address: string; browser: string };

const instant = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

export const newDeviceLetter = (to: Recipient, { at, address, browser }: SeenDevice): Letter =>
  compose({
    kind: "account.new-device",
    to,
    subject: "A new sign-in to your account",
    before: [
      "Your account was opened in a browser it was never opened in before.",
      `Time: ${instant(at)}\nBrowser: ${browser}\nAddress: ${address}`,
      "If it was you, there is nothing to do.",
    ],
    link: { label: "It was not me: choose a new password", path: "/forgot-password" },
    after: [
      "A new password signs out every browser. To sign out only this one, open your account and end it in the list of where you are signed in.",
    ],
  });

export const factorAddedLetter = (to: Recipient, kind: string, name: string): Letter =>
  compose({
    kind: "account.second-factor-added",
    to,
    subject: `A second factor was added: ${name}`,
    before: [`From now on, your account asks for a second factor. Added just now: the ${kind} “${name}”.`],
    link: account,
    after: [notMe],
  });

export const factorRemovedLetter = (to: Recipient, kind: string, name: string): Letter =>
  compose({
    kind: "account.second-factor-removed",
    to,
    subject: `A second factor was removed: ${name}`,
    before: [`The ${kind} “${name}” no longer opens your account.`],
    link: account,
    after: [notMe],
  });

export const codesRenewedLetter = (to: Recipient): Letter =>
  compose({
    kind: "account.recovery-codes-renewed",
    to,
    subject: "New recovery codes",
    before: ["New recovery codes were made for your account just now. The ones before are void."],
    link: account,
    after: [notMe],
  });

export const codeUsedLetter = (to: Recipient, left: number): Letter =>
  compose({
    kind: "account.recovery-code-used",
    to,
    subject: "A recovery code was used",
    before: [
      `A recovery code was used in the place of your second factor. ${left === 0 ? "It was the last one." : `You have ${left} left.`}`,
    ],
    link: { label: "Make new codes", path: "/account" },
    after: [notMe],
  });

export const factorsResetLetter = (to: Recipient): Letter =>
  compose({
    kind: "account.second-factor-reset",
    to,
    subject: "Your second factors were taken away",
    before: [
      "Our staff removed every second factor and every recovery code of your account, and signed out every browser, because somebody said that the devices are lost.",
      "Sign in with your password, and add a new second factor.",
    ],
    link: { label: "Sign in", path: "/sign-in" },
    after: [`If you did not ask for this, write to ${env().SUPPORT_EMAIL} at once.`],
  });
