import type { Id } from "#db/id.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";
import { guestHours } from "./rules.ts";

type About = { organization: { id: Id<"organization">; name: string }; email: string };

/** Goes to the registration contact: who reads it can ask for a deletion without an account. */
export const guestLinkLetter = ({ organization, email }: About, token: string): Letter =>
  compose({
    kind: "help.guest-link",
    to: { email, name: organization.name },
    subject: `Ask us to delete data of ${organization.name}`,
    before: [
      `Someone asked for a way to request a deletion for ${organization.name}, which has no admin who can sign in.`,
    ],
    link: { label: "Write the request", path: `/request?token=${token}` },
    after: [
      `The link works once, for ${guestHours} hours. Nothing is deleted before our staff have checked who you are. If you did not ask for this, do nothing.`,
    ],
    organizationId: organization.id,
    clause: "T-4.2.3-DEL3",
  });
