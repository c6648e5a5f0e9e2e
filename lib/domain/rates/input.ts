import { z } from "zod";
import { addDays, startOfDay } from "#lib/core/clock.ts";
import { idField } from "#lib/core/id-field.ts";
import type { RateValues } from "./rules.ts";

const empty = (text: unknown) => (typeof text === "string" && text.trim() === "" ? null : text);
const amount = (most: number, integer: boolean) =>
  z.preprocess(
    (text) => (typeof text === "string" ? empty(text.replaceAll(/[\s,_]/g, "")) : (text ?? null)),
    z.coerce
      .number("Enter a number, such as 50.")
      .positive("Enter a number above zero.")
      .max(most, `At most ${most.toLocaleString("en-IE")}.`)
      .refine((value) => !integer || Number.isInteger(value), "Enter a whole number.")
      .nullable(),
  );

/** Empty fields leave a limit as it is. */
export const rateFields = z.object({
  requestsPerSecond: amount(10_000_000, false),
  tokensPerMinute: amount(1e12, true),
  tokensPerMonth: amount(1e15, true),
});

export type RateFields = z.output<typeof rateFields>;

/** The same in the rules' own words. */
export const valuesOf = ({ requestsPerSecond, tokensPerMinute, tokensPerMonth }: RateFields): RateValues => ({
  requests_second: requestsPerSecond,
  tokens_minute: tokensPerMinute,
  tokens_month: tokensPerMonth,
});

const saysSomething = (fields: RateFields): boolean => Object.values(valuesOf(fields)).some((value) => value !== null);
const nothingSaid = { message: "Fill in at least one limit.", path: ["requestsPerSecond"] };

const model = z.preprocess(empty, z.string().max(200).nullable()).optional().default(null);
const reason = z.string().trim().min(3, "Say why, in a few words.").max(500, "At most 500 characters.");

/** T-4.2.1-RL: what a customer asks for. */
export const requestRatesInput = rateFields
  .extend({
    model,
    useCase: z
      .string()
      .trim()
      .min(20, "Describe in a sentence or two what you build and how much it asks.")
      .max(2000, "At most 2,000 characters."),
  })
  .refine(saysSomething, nothingSaid);

export const rateRequestId = idField("rateRequest", "This is not the id of a request.");
export const overrideId = idField("override", "This is not the id of an override.");

export const withdrawInput = z.object({ id: rateRequestId });

/** All fields empty lifts the workspace's own limits. */
export const workspaceRatesInput = rateFields.extend({ model });

/** The end of a day (UTC), as `2026-12-31`; empty for no end. */
const lastDay = z
  .preprocess(
    empty,
    z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, "Write a day as 2026-12-31.")
      .transform((day) => addDays(startOfDay(day), 1))
      .refine((end) => !Number.isNaN(end.getTime()), "There is no such day.")
      .nullable(),
  )
  .optional()
  .default(null);

export const grantInput = rateFields
  .extend({ id: rateRequestId, expires: lastDay, reason })
  .refine(saysSomething, nothingSaid);

export const denyInput = z.object({ id: rateRequestId, reason });

export const organizationId = idField("organization", "This is not the id of an organization.");

export const endOverrideInput = z.object({ organizationId, id: overrideId });

export const setOverrideInput = rateFields
  .extend({
    workspaceId: idField("workspace", "This is not the id of a workspace.").nullable(),
    model,
    reason,
    purchaseOrder: z.preprocess(empty, z.string().trim().max(100).nullable()).optional().default(null),
    expires: lastDay,
  })
  .refine(saysSomething, nothingSaid);
export type SetOverrideInput = z.output<typeof setOverrideInput>;
