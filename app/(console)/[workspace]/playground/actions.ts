"use server";

import { z } from "zod";
import { action } from "#app/doors/action.ts";
import { openPlayground } from "#lib/domain/keys/playground/commands.ts";

export const open = action({ can: "playground.use", input: z.object({}), run: (ctx) => openPlayground(ctx) });
