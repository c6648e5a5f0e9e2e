"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { keepAnswers } from "#lib/domain/fine-tuning/review/asking/commands.ts";
import { askForReview } from "#lib/domain/fine-tuning/review/commands.ts";
import { deleteTunedModel } from "#lib/domain/model-deletion/commands.ts";
import {
  archiveTunedModel,
  chooseCheckpoint,
  renameTunedModel,
  restoreTunedModel,
  setTunedModelSharing,
} from "#lib/domain/tuned-models/commands.ts";
import { tunedSharingInput } from "#lib/domain/tuned-models/input.ts";
import { tunedReachOf } from "#lib/domain/tuned-models/queries.ts";
import { revokeTransfer, signTransfer } from "#lib/domain/tuned-models/transfer/commands.ts";

export const rename = action(renameTunedModel);
export const archive = action(archiveTunedModel);
export const restore = action(restoreTunedModel);
export const choose = action(chooseCheckpoint);
export const review = action(askForReview);
export const keep = action(keepAnswers);
export const remove = action(deleteTunedModel, (_done, ctx) => redirect(`/${ctx.workspaceId}/models/tuned`));

export const preview = action({
  can: "models.read",
  input: tunedSharingInput,
  run: (ctx, { model, ...sharing }) => tunedReachOf(ctx, model, sharing),
});

export const share = action(setTunedModelSharing);
export const sign = action(signTransfer);
export const revoke = action(revokeTransfer);
