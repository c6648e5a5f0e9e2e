import { z } from "zod";
import { addDays, startOfDay } from "#lib/core/clock.ts";
import { idField } from "#lib/core/id-field.ts";
import { listInput, searchField } from "#lib/core/list/input.ts";
import { orderPhases, orderSorts, readTerms, signedLimits } from "./rules.ts";

const empty = (text: unknown) => (typeof text === "string" && text.trim() === "" ? null : text);
const isDay = (day: string) => !Number.isNaN(startOfDay(day).getTime());
const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, "Write a day as 2026-12-31.")
  .refine(isDay, "There is no such day.")
  .transform(startOfDay);

const organizationId = idField("organization", "This is not the id of an organization.");
export const orderId = idField("order", "This is not the id of an order.");

/** What is ordered, one value a line. */
const terms = z
  .string()
  .max(20_000, "At most 20,000 characters.")
  .transform((text, issue) => {
    const { terms, problems } = readTerms(text);
    for (const message of problems) issue.addIssue({ code: "custom", message });
    if (problems.length === 0 && Object.keys(terms).length === 0)
      issue.addIssue({ code: "custom", message: "State at least one value." });
    return problems.length > 0 ? z.NEVER : terms;
  });

const agreementId = idField("agreement", "This is not the id of a master agreement.");

const most = signedLimits.megabytesEach * 1024 * 1024;
const pdf = z.instanceof(File, { error: "Choose a PDF." }).refine(({ size }) => size <= most, "At most 10 MB.");
const file = pdf.optional().transform((file) => (file && file.size > 0 ? file : undefined));

const number = z.string().trim().min(1, "Write the customer's number.").max(100, "At most 100 characters.");
const position = z.preprocess(
  (text) => empty(text) ?? null,
  z.coerce.number("Enter a number, such as 1.").int().min(1).max(1_000).nullable(),
);

/** T-2-PREC: a master agreement, with the document itself. */
export const agreementInput = z.object({
  organizationId,
  number,
  signedAt: day,
  file: pdf.refine(({ size }) => size > 0, "Choose a PDF."),
});

/** What the address of the desk's list may say; nonsense is as if it were not there. */
export const orderFilter = listInput(orderSorts, {
  state: z.enum(orderPhases).optional().catch(undefined),
  customer: searchField,
});
export type OrderFilter = z.output<typeof orderFilter>;

const orderFields = z.object({
  organizationId,
  number,
  signedAt: day,
  startsAt: day,
  /** Its last day; without one it has no end. */
  endsAt: z
    .preprocess((text) => empty(text) ?? null, day.transform((start) => addDays(start, 1)).nullable())
    .optional()
    .default(null),
  position: position.optional().default(null),
  note: z
    .preprocess((text) => empty(text) ?? null, z.string().trim().max(2_000, "At most 2,000 characters.").nullable())
    .optional()
    .default(null),
  agreementId: z
    .preprocess((text) => empty(text) ?? null, agreementId.nullable())
    .optional()
    .default(null),
  terms,
  file,
});

const endsAfter = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date | null }) =>
  endsAt === null || endsAt > startsAt;
const early = { message: "It cannot end before it starts.", path: ["endsAt"] };

export const draftInput = orderFields.refine(endsAfter, early);
export const changeInput = orderFields.extend({ id: orderId }).refine(endsAfter, early);

export const orderInput = z.object({ organizationId, id: orderId });

const reason = z.string().trim().min(3, "Say why, in a few words.").max(500, "At most 500 characters.");
export const withdrawInput = orderInput.extend({ reason });
export const amendInput = orderInput.extend({ number });
export const placeInput = orderInput.extend({ position });
