import { inOrganization } from "#lib/core/context.ts";
import { typedEmail } from "#lib/core/email.ts";
import { resetFactors } from "#lib/domain/account/factors/commands.ts";
import { verifyDomain } from "#lib/domain/domains/commands.ts";
import { domainName } from "#lib/domain/domains/input.ts";
import { type Command, idOf, parse, required } from "./command.ts";

export const signInCommands: readonly Command[] = [
  {
    name: "domain verify",
    about: "Says that a domain is an organization's, where no DNS can be asked; adds it if it is not there.",
    options: { organization: required("ID"), domain: required("NAME") },
    run: async (ctx, options) => {
      const organizationId = idOf("organization", options.organization);
      const name = parse(domainName, options.domain);
      const id = await verifyDomain(inOrganization(ctx, organizationId), name);
      return {
        result: { id, name, organizationId },
        lines: [`domain ${id}`, `${name} is proven for ${organizationId}`],
      };
    },
  },
  {
    name: "user reset-second-factor",
    about: "Takes every second factor and recovery code from somebody who lost them, and signs out their browsers.",
    options: { email: required("ADDRESS") },
    run: async (ctx, options) => {
      const userId = await resetFactors(ctx, parse(typedEmail(), options.email));
      return { result: { userId, reset: true }, lines: [`user ${userId} signs in with the password alone now`] };
    },
  },
];
