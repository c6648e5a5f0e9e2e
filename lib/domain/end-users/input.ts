import { z } from "zod";
import { endUserModes } from "#db/schema/organizations.ts";

export const endUsersInput = z.object({ mode: z.enum(endUserModes, "Choose keep, hash or drop.") });

export const forgetInput = z.object({
  end_user: z
    .string("Name the end user.")
    .trim()
    .min(1, "Name the end user, as your requests do.")
    .max(10_000, "This is no name."),
});
