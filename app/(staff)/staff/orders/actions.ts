"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { recordAgreement } from "#lib/domain/orders/agreements/commands.ts";
import {
  amendOrder,
  approveOrder,
  changeDraft,
  draftOrder,
  placeOrder,
  withdrawOrder,
} from "#lib/domain/orders/commands.ts";

export const draft = action(draftOrder, (id, _ctx, { organizationId }) =>
  redirect(`/staff/orders/${organizationId}/${id}`),
);

export const change = action(changeDraft);

export const approve = action(approveOrder);

export const withdraw = action(withdrawOrder);

export const amend = action(amendOrder, (id, _ctx, { organizationId }) =>
  redirect(`/staff/orders/${organizationId}/${id}`),
);

export const place = action(placeOrder);

export const recordMaster = action(recordAgreement);
