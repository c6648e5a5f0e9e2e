import { sql } from "drizzle-orm";
import { authorize } from "#lib/core/access/authorize.ts";
import type { EvidenceOf } from "#lib/core/clauses/evidence.ts";
import type { OrganizationContext } from "#lib/core/context.ts";
import { type ContactFacts, contactRows } from "./rules.ts";

type Row = {
  email: string;
  subject: string | null;
  state: NonNullable<ContactFacts["letter"]>["state"] | null;
  at: string | null;
  answer: string | null;
  waiting: number;
};

const patienceHours = 12;

export async function contactEvidence(ctx: OrganizationContext): Promise<EvidenceOf<"contact">> {
  authorize(ctx.actor, "contract.read");
  const [row] = await ctx.db.execute<Row>(sql`
    select registration_email as email, last.subject, last.state, coalesce(last.bounced_at, last.sent_at, last.created_at) as at, last.answer,
      (select count(*)::int from legal_notices where organization_id = organizations.id and noticed_at is null
        and posted_at < ${ctx.now.toISOString()}::timestamptz - make_interval(hours => ${patienceHours})) as waiting
    from organizations left join lateral (select letters.* from legal_notices join letters on letters.id = letter_ids[1]
      where legal_notices.organization_id = organizations.id order by posted_at desc limit 1) as last on true
    where organizations.id = ${ctx.organizationId}`);
  const { email = "", subject = null, state = null, at = null, answer = null, waiting = 0 } = row ?? {};
  const letter =
    subject !== null && state !== null && at !== null ? { subject, state, at: new Date(at), answer } : null;
  return contactRows({ email, letter, waiting });
}
