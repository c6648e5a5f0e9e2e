import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";
import { isFreeMail, joinings, joinRoles, readDomain } from "./rules.ts";

export const domainName = z.string().transform((text, issue) => {
  const domain = readDomain(text);
  if (domain && !isFreeMail(domain)) return domain;
  const message = domain
    ? "Anybody can have an address there. Add a domain that only your people have addresses at."
    : "Enter a domain, such as example.com.";
  issue.addIssue({ code: "custom", message });
  return z.NEVER;
});

const id = idField("domain", "There is no such domain.");

export const addDomainInput = z.object({ domain: domainName });
export const domainInput = z.object({ id });
export const joiningInput = z.object({ id, joining: z.enum(joinings), role: z.enum(joinRoles) });

export const joinInput = z.object({
  organization: idField("organization", "There is no such organization."),
});
