import { env } from "#lib/core/env.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

type Recipient = { email: string; name: string };

export const confirmationLetter = (to: Recipient, token: string): Letter =>
  compose({
    kind: "account.confirm-email",
    to,
    subject: `Confirm your e-mail address for ${env().PROVIDER_NAME}`,
    before: ["An account was opened with this address. Confirm it to sign in."],
    link: { label: "Confirm and sign in", path: `/confirm?token=${token}` },
    after: [
      "The link works once, for 24 hours.",
      "Notices about your contract, such as a model being discontinued, will go to this address. Keep it up to date.",
      "If you did not open an account, do nothing: without confirmation nobody can use it.",
    ],
  });

/** Goes to the owner of an address a person signed up with again, so that the page need not tell it is taken. */
export const alreadyRegisteredLetter = (to: Recipient, token: string): Letter =>
  compose({
    kind: "account.already-registered",
    to,
    subject: `You already have an account with ${env().PROVIDER_NAME}`,
    before: [
      "Somebody, perhaps you, tried to open an account with this address. It has one already, and nothing about it was changed.",
      "If it was you, sign in as usual. If you forgot the password, choose a new one.",
    ],
    link: { label: "Choose a new password", path: `/reset-password?token=${token}` },
    after: ["The link works once, for one hour. If it was not you, do nothing."],
  });

export const resetLetter = (to: Recipient, token: string): Letter =>
  compose({
    kind: "account.reset-password",
    to,
    subject: "Choose a new password",
    before: ["A new password was asked for this account."],
    link: { label: "Choose a new password", path: `/reset-password?token=${token}` },
    after: [
      "The link works once, for one hour, and signs out every browser.",
      "If it was not you, do nothing: the password stays as it is.",
    ],
  });

export const passwordChangedLetter = (to: Recipient): Letter =>
  compose({
    kind: "account.password-changed",
    to,
    subject: "Your password was changed",
    before: ["The password of your account was changed just now, and other browsers were signed out."],
    link: { label: "It was not me: choose another", path: "/forgot-password" },
  });

export const identityLinkedLetter = (to: Recipient, provider: string): Letter =>
  compose({
    kind: "account.identity-linked",
    to,
    subject: `Your account can now be opened with ${provider}`,
    before: [`From now on, signing in with ${provider} opens this account too.`],
    after: [`If it was not you, write to ${env().SUPPORT_EMAIL}.`],
  });
