import { demoContext } from "#app/doors/session.ts";
import type { SentTo } from "#components/account/check-inbox.tsx";
import { env } from "#lib/core/env.ts";
import { confirmationToken } from "#lib/domain/notices/queries.ts";

/** What a page may say once a letter was asked for; in the demo, also the way on without a mailbox. */
export async function sent(email: string): Promise<SentTo> {
  const isDemo = env().DEMO === "on";
  return { email, isDemo, demoToken: isDemo ? await confirmationToken(await demoContext(), email) : null };
}
