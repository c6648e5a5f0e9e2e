"use server";

import { redirect } from "next/navigation";
import { action, shown } from "#app/doors/action.ts";
import { AppError } from "#lib/core/errors.ts";
import { saveProfile } from "#lib/domain/billing/accounts/commands.ts";
import { withdrawDispute, writeMessage } from "#lib/domain/billing/disputes/commands.ts";
import { invoiceInput } from "#lib/domain/billing/invoices/input.ts";
import { downgradePlan, keepPlan, upgradePlan } from "#lib/domain/billing/plan/commands.ts";
import { objectToInvoice } from "#lib/domain/help/records/commands.ts";
import { collect } from "#lib/domain/payments/attempts/commands.ts";
import { chooseMethod, removeMethod } from "#lib/domain/payments/methods/commands.ts";
import { beginPayment, beginSetup } from "#lib/domain/payments/pages/commands.ts";
import { disputeForm } from "./dispute-form.ts";

export const save = action(saveProfile);

export const addMethod = action(beginSetup, (address) => redirect(address));

export const choose = action(chooseMethod);

export const remove = action(removeMethod);

export const pay = action(beginPayment, (address) => redirect(address));

const notCharged = {
  asked: "There is no payment method that can be charged. Add one, or pay now.",
  nothing: "Nothing was charged: a payment is under way, or nothing is left to pay.",
} as const;

export const retry = action({
  can: "billing.write",
  input: invoiceInput,
  run: async (ctx, { invoiceId }) => {
    const outcome = await collect(ctx, invoiceId);
    if (outcome !== "charged") throw new AppError("conflict", notCharged[outcome]);
    await shown(undefined);
  },
});

export const dispute = action({
  can: "billing.write",
  input: disputeForm,
  run: async (ctx, input) => {
    await objectToInvoice(ctx, input);
    await shown(undefined);
  },
});

export const write = action(writeMessage);

export const withdraw = action(withdrawDispute);

export const upgrade = action(upgradePlan);

export const downgrade = action(downgradePlan);

export const keep = action(keepPlan);
