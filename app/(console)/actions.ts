"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "#lib/action.ts";
import { signOutHere } from "#lib/sign-in.ts";

export const signOut = action({
  can: "account.manage",
  input: z.object({}),
  run: async () => {
    await signOutHere();
    redirect("/sign-in");
  },
});
