"use server";

import { refresh } from "next/cache";
import { action } from "#app/doors/action.ts";
import { nameContact, withdrawContact } from "#lib/domain/notices/contact/commands.ts";
import { contactInput, withdrawContactInput } from "#lib/domain/notices/contact/input.ts";

export const nameRegistrationContact = action({
  can: "organization.write-contact",
  input: contactInput,
  run: async (ctx, input) => {
    await nameContact(ctx, input);
    refresh();
  },
});

export const withdrawRegistrationContact = action({
  can: "organization.write-contact",
  input: withdrawContactInput,
  run: async (ctx, input) => {
    await withdrawContact(ctx, input);
    refresh();
  },
});
