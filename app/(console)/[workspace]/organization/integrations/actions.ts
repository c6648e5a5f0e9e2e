"use server";

import { redirect } from "next/navigation";
import { action } from "#app/doors/action.ts";
import {
  disconnectService,
  pauseConnection,
  resumeConnection,
  testConnection,
} from "#lib/domain/connections/commands.ts";
import { changeConnection, connectService } from "#lib/domain/connections/connecting/commands.ts";
import { replayEvent } from "#lib/domain/connections/delivery/commands.ts";
import { beginOauth } from "#lib/domain/connections/oauth/commands.ts";
import { restrictConnector } from "#lib/domain/connections/restricting/commands.ts";

const place = (workspace: string, id: string): string => `/${workspace}/organization/integrations/${id}`;

export const connect = action(connectService, (id, ctx) => redirect(place(ctx.workspaceId, id)));

export const change = action(changeConnection, (_done, ctx, { id }) => redirect(place(ctx.workspaceId, id)));

/** On to the service, where the person signs in. */
export const begin = action(beginOauth, (address) => redirect(address));

export const test = action(testConnection);

export const pause = action(pauseConnection);

export const resume = action(resumeConnection);

export const disconnect = action(disconnectService);

export const replay = action(replayEvent);

export const restrict = action(restrictConnector);
