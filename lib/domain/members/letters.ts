import type { Id } from "#db/id.ts";
import { roleTitle } from "#lib/core/access/roles.ts";
import { dayOf } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { compose, type Letter } from "#lib/core/mail/letter.ts";

type Invited = {
  email: string;
  /** Null: the operator invites. */
  inviter: string | null;
  organization: { id: Id<"organization">; name: string };
  roles: readonly string[];
  token: string;
  expiresAt: Date;
};

export const invitationLetter = ({ email, inviter, organization, roles, token, expiresAt }: Invited): Letter =>
  compose({
    kind: "members.invited",
    to: { email, name: email },
    subject: `Join ${organization.name} on ${env().PROVIDER_NAME}`,
    before: [
      `${inviter ?? env().PROVIDER_NAME} invites you to ${organization.name}, as ${roles.map((role) => roleTitle(role).toLowerCase()).join(" and ")}.`,
      `Accept with an account of this address, ${email}; if you have none, you open it on the way.`,
    ],
    link: { label: "See the invitation", path: `/invitation?token=${token}` },
    after: [
      `The link works once, until ${dayOf(expiresAt)} (UTC).`,
      "If you do not know who this is, do nothing: nobody joins without opening the link.",
    ],
    organizationId: organization.id,
  });

export const removedLetter = (
  to: { name: string; email: string },
  organization: { id: Id<"organization">; name: string },
): Letter =>
  compose({
    kind: "members.removed",
    to,
    subject: `You are no longer a member of ${organization.name}`,
    before: [
      `An admin ended your membership of ${organization.name}. API keys you made there have stopped working.`,
      "Your account remains, with whatever other organizations you belong to.",
    ],
    organizationId: organization.id,
  });
