"use server";

import { action } from "#app/doors/action.ts";
import { grantCredit } from "#lib/domain/billing/credits/commands.ts";
import { answerDispute, decideDispute } from "#lib/domain/billing/disputes/commands.ts";
import { recordVatCheck } from "#lib/domain/billing/vat/checks/commands.ts";
import { giveTrainingCredit } from "#lib/domain/fine-tuning/credits/commands.ts";
import { recordReceipt } from "#lib/domain/payments/receipts/commands.ts";
import { settleDifference } from "#lib/domain/payments/reconciliation/commands.ts";
import { refund } from "#lib/domain/payments/refunds/commands.ts";

export const record = action(recordReceipt);

export const answer = action(answerDispute);

export const decide = action(decideDispute);

export const grant = action(grantCredit);

export const sendBack = action(refund);

export const recordCheck = action(recordVatCheck);

export const settle = action(settleDifference);

export const giveBack = action(giveTrainingCredit);
