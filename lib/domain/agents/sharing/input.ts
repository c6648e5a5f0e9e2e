import { z } from "zod";
import { agentId } from "#lib/domain/agents/input.ts";
import { userId } from "#lib/domain/members/input.ts";
import { sharingFields } from "#lib/domain/sharing/input.ts";

export const sharingInput = z.object({ agent: agentId, ...sharingFields });
export const personInput = z.object({ agent: agentId, user: userId });
