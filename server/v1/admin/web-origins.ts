import { z } from "zod";
import { setWebOrigins } from "#lib/domain/organizations/web-origins/commands.ts";
import { originList } from "#lib/domain/organizations/web-origins/input.ts";
import { webPages } from "#lib/domain/organizations/web-origins/queries.ts";
import { mostOrigins } from "#lib/domain/organizations/web-origins/rules.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";

const output = z.object({
  origins: z.array(z.string()).describe("Origins whose pages may use keys for web pages."),
  browser_keys: z.int().describe("How many keys for web pages work from them now."),
});

const read = adminEndpoint({
  can: "members.read",
  summary: "The web origins of the organization: where its keys for web pages work.",
  output,
  run: async (ctx) => shown(await webPages(ctx)),
});

const write = adminEndpoint({
  can: setWebOrigins,
  summary: "Set the web origins of the organization. Without any, its keys for web pages are refused.",
  input: z.object({
    origins: originList.describe(
      `Such as https://app.example.com, at most ${mostOrigins}; http for localhost, 127.0.0.1 and [::1] only.`,
    ),
  }),
  output,
  run: async (ctx, { input }) => {
    await setWebOrigins(ctx, input);
    return shown(await webPages(ctx));
  },
});

const shown = ({ origins, keys }: Awaited<ReturnType<typeof webPages>>) => ({ origins, browser_keys: keys });

export function adminWebOrigins(routes: Routes): void {
  routes.get("/v1/admin/web-origins", read);
  routes.put("/v1/admin/web-origins", write);
}
