"use server";

import { redirect } from "next/navigation";
import { resetPassword } from "#lib/account/commands.ts";
import { resetInput } from "#lib/account/input.ts";
import { action } from "#lib/action.ts";

export const reset = action({
  can: "account.open",
  input: resetInput,
  run: async (ctx, input) => {
    await resetPassword(ctx, input);
    redirect("/sign-in?done=password");
  },
});
