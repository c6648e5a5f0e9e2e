import { z } from "zod";

const words = (name: string, max: number) =>
  z.string().trim().min(1, `Enter ${name}.`).max(max, `${max} characters at most.`);
const optional = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `${max} characters at most.`)
    .optional()
    .transform((text) => text || null);

/** Who is billed, as the form of the billing profile sends it. */
export const profileInput = z.object({
  type: z.enum(["business", "consumer"]),
  name: words("the name that invoices are made out to", 200),
  line1: words("the street and number", 200),
  line2: optional(200),
  postalCode: z.string().trim().max(20, "20 characters at most."),
  city: words("the city", 100),
  country: z.string().regex(/^[A-Z]{2}$/, "Choose a country."),
  vatId: optional(30),
  poNumber: optional(100),
  /** One address a line, or separated by commas. */
  emails: z
    .string()
    .optional()
    .transform((text) => (text ?? "").split(/[\s,;]+/).filter(Boolean))
    .pipe(z.array(z.email("Enter e-mail addresses, one a line.")).max(10, "Ten addresses at most.")),
});
export type ProfileInput = z.output<typeof profileInput>;
