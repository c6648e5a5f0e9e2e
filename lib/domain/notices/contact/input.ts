import { z } from "zod";
import { typedEmail } from "#lib/core/email.ts";
import { idField } from "#lib/core/id-field.ts";
import { linkToken } from "#lib/core/link-token.ts";

const email = typedEmail("Enter an e-mail address, such as legal@example.com.");

export const contactInput = z.object({ email });

const id = idField("contactChange", "This is not the id of a change.");
export const withdrawContactInput = z.object({ id });

export const confirmContactInput = z.object({ token: linkToken });
