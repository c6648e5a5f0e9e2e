"use server";

import { action } from "#app/doors/action.ts";
import { nameContact, withdrawContact } from "#lib/domain/notices/contact/commands.ts";

export const nameRegistrationContact = action(nameContact);

export const withdrawRegistrationContact = action(withdrawContact);
