import type { Id } from "#db/id.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

type About = { organization: { id: Id<"organization">; name: string }; email: string };

const clause = "T-4.2.1-DISC3";

/** Goes to the address that is to become the contact: the person who reads it there says so. */
export const contactVerifyLetter = ({ organization, email }: About, token: string): Letter =>
  compose({
    kind: "contact.verify",
    to: { email, name: organization.name },
    subject: `Confirm this address for the notices of ${organization.name}`,
    before: [
      `Somebody who runs ${organization.name} here wants notices about its contract to go to this address: changes of the terms, models that are discontinued, invoices.`,
    ],
    link: { label: "See and confirm", path: `/contact?token=${token}` },
    after: ["The link works once, for three days. If you do not know the organization, do nothing: nothing changes."],
    organizationId: organization.id,
    clause,
  });

/** Goes to the old contact at once, so that a change no one there wanted can be stopped. */
export const contactAskedLetter = ({ organization, email }: About, to: string, by: string): Letter =>
  compose({
    kind: "contact.change-asked",
    to: { email, name: organization.name },
    subject: `A new contact was named for ${organization.name}`,
    before: [
      `${by} asked that notices about the contract of ${organization.name} go to ${to} instead of here.`,
      "Until that address is confirmed, they still come here.",
    ],
    after: ["If nobody of yours wanted this, an organization admin can withdraw it in the organization's settings."],
    organizationId: organization.id,
    clause,
  });

export const contactChangedLetter = ({ organization, email }: About, to: string): Letter =>
  compose({
    kind: "contact.changed",
    to: { email, name: organization.name },
    subject: `Notices for ${organization.name} go to another address now`,
    before: [`From now on, notices about the contract of ${organization.name} go to ${to} and no longer here.`],
    organizationId: organization.id,
    clause,
  });
