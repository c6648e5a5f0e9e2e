import type { Profile } from "#lib/core/access/person.ts";
import { emailAddress } from "#lib/core/email.ts";

/** The address a provider has confirmed, if it is one that our own forms would take. */
export function provenEmail({ email, emailVerified }: Profile): string | null {
  const read = emailAddress().safeParse(email);
  return emailVerified && read.success ? read.data : null;
}
