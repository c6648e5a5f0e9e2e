"use server";

import { action } from "#app/doors/action.ts";
import {
  confirmSuspension,
  dropSuspension,
  judgeAppeal,
  proposeSuspension,
  resumeOrganization,
  upholdSuspension,
} from "#lib/domain/suspensions/desk/commands.ts";

export const propose = action(proposeSuspension);

export const confirm = action(confirmSuspension);

export const drop = action(dropSuspension);

export const resume = action(resumeOrganization);

export const uphold = action(upholdSuspension);

export const judge = action(judgeAppeal);
