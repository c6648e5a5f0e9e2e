"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { resetPassword } from "#lib/domain/sign-up/commands.ts";

export const reset = action(resetPassword, () => redirect("/sign-in?done=password"));
