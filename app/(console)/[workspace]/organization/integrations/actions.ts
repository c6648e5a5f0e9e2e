"use server";

import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  replayDelivery,
  rotateWebhookSecret,
  switchWebhook,
  testWebhook,
} from "#lib/domain/integrations/commands.ts";
import {
  changeWebhookInput,
  createWebhookInput,
  replayInput,
  switchWebhookInput,
  webhookInput,
} from "#lib/domain/integrations/input.ts";

export const create = action({
  can: "webhooks.write",
  input: createWebhookInput,
  run: async (ctx, input) => {
    const made = await createWebhook(ctx, input);
    refresh();
    return made;
  },
});

export const change = action({
  can: "webhooks.write",
  input: changeWebhookInput,
  run: async (ctx, input) => {
    await changeWebhook(ctx, input);
    refresh();
  },
});

export const turn = action({
  can: "webhooks.write",
  input: switchWebhookInput,
  run: async (ctx, input) => {
    await switchWebhook(ctx, input);
    refresh();
  },
});

export const rotate = action({
  can: "webhooks.write",
  input: webhookInput,
  run: (ctx, input) => rotateWebhookSecret(ctx, input),
});

export const remove = action({
  can: "webhooks.write",
  input: webhookInput,
  run: async (ctx, input) => {
    await deleteWebhook(ctx, input);
    redirect(`/${ctx.workspaceId}/organization/integrations`);
  },
});

export const test = action({
  can: "webhooks.write",
  input: webhookInput,
  run: async (ctx, input) => {
    await testWebhook(ctx, input);
    refresh();
  },
});

export const replay = action({
  can: "webhooks.write",
  input: replayInput,
  run: async (ctx, input) => {
    await replayDelivery(ctx, input);
    refresh();
  },
});
