import { z } from "zod";

/**
 * One e-mail address, as every way in takes it. Only ASCII, looked at before it is lower-cased: lower case makes ASCII
 * letters of some others, and a look-alike would open another person's account. No lists, no spaces, no line breaks.
 */
export const emailAddress = (message = "Enter an e-mail address, such as ada@example.com.") =>
  z
    .string()
    .max(254, "Use at most 254 characters.")
    .regex(/^[\x21-\x7e]*$/, message)
    .toLowerCase()
    .pipe(z.email(message));

/** The same as people type it, with spaces around it. */
export const typedEmail = (message?: string) => z.string().trim().pipe(emailAddress(message));
