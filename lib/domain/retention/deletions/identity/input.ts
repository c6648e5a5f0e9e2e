import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

const line = z
  .string()
  .trim()
  .max(200, "200 characters at most.")
  .optional()
  .transform((text) => text || null);

/** What staff saw: two of the three are needed. */
export const identityInput = z
  .object({
    organizationId: idField("organization"),
    id: idField("deletion"),
    contact: z
      .literal("proven")
      .optional()
      .transform((ticked) => ticked !== undefined),
    invoiceNumber: line,
    domain: line.refine(
      (name) => name === null || /^([a-z0-9-]{1,63}\.)+[a-z]{2,63}$/i.test(name),
      "Write a domain such as example.com.",
    ),
  })
  .refine(
    ({ contact, invoiceNumber, domain }) =>
      [contact, invoiceNumber !== null, domain !== null].filter(Boolean).length >= 2,
    { error: "Two of the three are needed before anything is deleted.", params: { ofWholeForm: true } },
  );
