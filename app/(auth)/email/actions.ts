"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { confirmNewEmail, undoNewEmail } from "#lib/domain/account/email/commands.ts";

export const confirm = action(confirmNewEmail, (): void => redirect("/sign-in?done=email"));

export const undo = action(undoNewEmail, (token): void => redirect(`/reset-password?token=${token}`));
