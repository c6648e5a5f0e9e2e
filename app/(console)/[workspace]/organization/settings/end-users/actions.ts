"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { AppError } from "#lib/core/errors.ts";
import { forgetEndUser, setEndUserMode } from "#lib/domain/end-users/commands.ts";

export const saveEndUsers = action(setEndUserMode);

export const forget = action(forgetEndUser, ({ receipt }, { workspaceId }): never => {
  const unknown = "No usage is kept under this name.";
  if (receipt === null) throw new AppError("not_found", unknown, { fields: { end_user: [unknown] } });
  redirect(`/${workspaceId}/organization/privacy/receipts/${receipt}`);
});
