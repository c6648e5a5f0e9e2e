import { z } from "zod";
import { heldClasses, holdGrounds } from "#db/schema/holds.ts";
import { startOfDay } from "#lib/core/clock.ts";
import { idField } from "#lib/core/id-field.ts";

const line = (message: string) => z.string().trim().min(3, message).max(200, "At most 200 characters.");
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "A day, such as 2026-12-31.");
const optional = <T extends z.ZodType>(type: T) => z.union([z.literal("").transform(() => null), type]);

export const proposeHoldInput = z
  .object({
    organizationId: idField("organization"),
    workspaceId: optional(idField("workspace")).default(null),
    classes: z.preprocess(
      (given) => (typeof given === "string" ? [given] : (given ?? [])),
      z.array(z.enum(heldClasses)).min(1, "Choose what has to be kept."),
    ),
    ground: z.enum(holdGrounds, "Choose a ground."),
    reference: line("The number of the order or the case."),
    words: z
      .string()
      .trim()
      .min(20, "Say what the customer is told once they may be, in at least 20 characters.")
      .max(4000, "At most 4,000 characters."),
    reviewOn: day,
    gagUntil: optional(day.transform(startOfDay)).default(null),
    gagReference: optional(line("The document that forbids it.")).default(null),
  })
  .refine(({ gagUntil, gagReference }) => (gagUntil === null) === (gagReference === null), {
    path: ["gagReference"],
    message: "A day until which the customer is not told, and the document that says so, come together.",
  });

/** A job of copies; the process that has the keys runs it. */
export const copying = { name: "holds.copy", payload: z.object({}) };

export const holdInput = z.object({ organizationId: idField("organization"), id: idField("hold") });

export const extendHoldInput = holdInput.extend({ reviewOn: day });
