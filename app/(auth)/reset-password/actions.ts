"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { resetInput } from "#lib/domain/account/input.ts";
import { resetPassword } from "#lib/domain/sign-up/commands.ts";

export const reset = action({
  can: "account.open",
  input: resetInput,
  run: async (ctx, input) => {
    await resetPassword(ctx, input);
    redirect("/sign-in?done=password");
  },
});
