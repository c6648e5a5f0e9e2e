import { z } from "zod";
import { idField } from "#lib/core/id-field.ts";

/** `read` looks, `write` changes too. */
export const accesses = ["read", "write"] as const;

const lifetimes = ["30", "90", "365", ""] as const;

export const createAdminKeyInput = z.object({
  name: z.string().trim().min(1, "Give it a name.").max(100, "At most 100 characters."),
  access: z.enum(accesses, "Choose what it may do."),
  /** Days it lives; empty means until it is revoked. */
  expires: z
    .enum(lifetimes, "Choose how long it lives.")
    .default("")
    .transform((days) => (days === "" ? null : Number(days))),
});

export const adminKeyInput = z.object({
  id: idField("adminKey", "This is not an admin key's id."),
});
