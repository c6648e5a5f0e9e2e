import { z } from "zod";
import { type Id, isId } from "#db/id.ts";

export const factorName = z
  .string()
  .trim()
  .min(1, "Give it a name, such as Telephone.")
  .max(60, "Use at most 60 characters.");

export const factorId = z.custom<Id<"authenticator"> | Id<"passkey">>(
  (value) => typeof value === "string" && (isId("authenticator", value) || isId("passkey", value)),
  "There is no such second factor.",
);

export const removeFactorInput = z.object({ id: factorId });
export const renameFactorInput = z.object({ id: factorId, name: factorName });
