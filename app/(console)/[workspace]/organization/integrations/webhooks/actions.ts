"use server";

import { redirect } from "next/navigation";
import { action, shown } from "#app/doors/action.ts";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  replayDelivery,
  rotateWebhookSecret,
  switchWebhook,
  testWebhook,
} from "#lib/domain/integrations/commands.ts";
import { webhookInput } from "#lib/domain/integrations/input.ts";

export const create = action(createWebhook, shown);

export const change = action(changeWebhook);

export const turn = action(switchWebhook);

export const rotate = action({
  can: "webhooks.write",
  input: webhookInput,
  run: (ctx, input) => rotateWebhookSecret(ctx, input),
});

export const remove = action(deleteWebhook, (_done, ctx) =>
  redirect(`/${ctx.workspaceId}/organization/integrations/webhooks`),
);

export const test = action(testWebhook);

export const replay = action(replayDelivery);
