"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import { deleteFile } from "#lib/domain/files/commands.ts";
import { linkFile } from "#lib/domain/files/links/commands.ts";
import { mendFile, splitFile } from "#lib/domain/files/mending/commands.ts";
import { keepSample } from "#lib/domain/files/samples/commands.ts";
import { giveTicket } from "#lib/domain/files/uploads/commands.ts";

export const ticket = action(giveTicket, (text) => text);

export const remove = action(deleteFile, (_id, ctx) => redirect(`/${ctx.workspaceId}/files`));

export const mend = action(mendFile, ({ file }, ctx) => redirect(`/${ctx.workspaceId}/files/${file?.id ?? ""}`));

export const split = action(splitFile, (_parts, ctx) => redirect(`/${ctx.workspaceId}/files`));

export const link = action(linkFile, ({ url }) => url);

export const trySample = action(keepSample, ({ id }, ctx) => redirect(`/${ctx.workspaceId}/files/${id}`));
