"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { discardMail, takeMail } from "#lib/domain/help/mail/commands.ts";

export const take = action({
  can: takeMail.can,
  input: takeMail.input,
  run: async (ctx, input): Promise<void> => {
    await takeMail(ctx, input);
    redirect("/staff/mail");
  },
});

export const discard = action({
  can: discardMail.can,
  input: discardMail.input,
  run: async (ctx, input): Promise<void> => {
    await discardMail(ctx, input);
    redirect("/staff/mail");
  },
});
