import { z } from "zod";
import { forgetEndUser, setEndUserMode } from "#lib/domain/end-users/commands.ts";
import { endUsersInput, forgetInput } from "#lib/domain/end-users/input.ts";
import { endUserMode } from "#lib/domain/end-users/queries.ts";
import { endUserModes } from "#lib/domain/end-users/rules.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";

const mode = z.object({
  mode: z.enum(endUserModes).describe("What is kept of the end users that requests name: keep, hash or drop them."),
});

const read = adminEndpoint({
  can: "members.read",
  summary: "What is kept of the end users that requests name.",
  output: mode,
  run: async (ctx) => ({ mode: await endUserMode(ctx) }),
});

const write = adminEndpoint({
  can: setEndUserMode,
  summary: "Set what is kept of end users, in requests from now on.",
  input: endUsersInput,
  output: mode,
  run: async (ctx, { input }) => {
    await setEndUserMode(ctx, input);
    return { mode: await endUserMode(ctx) };
  },
});

const forget = adminEndpoint({
  can: forgetEndUser,
  summary: "Forget an end user: take their name off all usage.",
  input: forgetInput,
  output: z.object({
    requests: z.int().describe("How many requests named them."),
    receipt: z.string().nullable().describe("The id of the signed receipt; null where nothing was known of them."),
  }),
  run: async (ctx, { input }) => forgetEndUser(ctx, input),
});

export function adminEndUsers(routes: Routes): void {
  routes.get("/v1/admin/end-users", read);
  routes.put("/v1/admin/end-users", write);
  routes.post("/v1/admin/end-users/forget", forget);
}
