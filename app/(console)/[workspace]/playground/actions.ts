"use server";

import { z } from "zod";
import { action } from "#lib/action.ts";
import { openPlayground } from "#lib/keys/commands.ts";

export const open = action({ can: "playground.use", input: z.object({}), run: (ctx) => openPlayground(ctx) });
