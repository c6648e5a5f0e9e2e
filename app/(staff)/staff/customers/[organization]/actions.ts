"use server";

import { action } from "#app/doors/action.ts";
import { correctCustomerType } from "#lib/domain/customers/type/commands.ts";

export const correct = action(correctCustomerType);
