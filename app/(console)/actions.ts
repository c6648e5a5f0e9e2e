"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { action } from "#app/doors/action.ts";
import { signOutHere } from "#app/doors/sign-in.ts";

export const signOut = action({
  can: "account.manage",
  input: z.object({}),
  run: async (): Promise<void> => {
    await signOutHere();
    redirect("/sign-in");
  },
});
