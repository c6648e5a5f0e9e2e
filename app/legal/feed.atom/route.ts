import { accountContext } from "#app/doors/session.ts";
import { env } from "#lib/core/env.ts";
import { publicLink } from "#lib/core/mail/letter.ts";
import { feedOf } from "#lib/domain/terms/feed/rules.ts";
import { documentVersions } from "#lib/domain/terms/queries.ts";

/** What was announced and what came into force, for feed readers. */
export async function GET(): Promise<Response> {
  const ctx = await accountContext();
  const versions = await documentVersions(ctx);
  const feed = feedOf(versions, { provider: env().PROVIDER_NAME, base: publicLink("/"), now: ctx.now });
  return new Response(feed, {
    headers: { "content-type": "application/atom+xml; charset=utf-8", "cache-control": "public, max-age=300" },
  });
}
