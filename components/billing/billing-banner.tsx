import { LinkButton } from "#components/ui/link-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { peopleWords } from "#lib/core/access/words.ts";
import type { BillingNews } from "#lib/domain/billing/news/view.ts";
import { Elsewhere } from "./elsewhere.tsx";

type Props = {
  news: BillingNews | null;
  /** Where it is paid, for those who see bills. */
  href: string | null;
};

/** At the top of every page while invoices are past due or have stopped the API. */
export function BillingBanner({ news, href }: Props) {
  if (!news) return null;
  return (
    <Elsewhere than={href}>
      <section aria-label="Unpaid invoices" className="flex flex-col gap-2 px-4 pt-4 sm:px-6">
        <Notice
          tone="bad"
          title={news.blockedAt ? "Requests are refused: invoices are not paid" : "An invoice is past due"}
          action={
            href ? (
              <LinkButton size="small" href={href}>
                See what is owed
              </LinkButton>
            ) : undefined
          }
        >
          {sentenceOf(news)}
          {href ? null : ` ${peopleWords(news.payers)} can pay.`}
        </Notice>
      </section>
    </Elsewhere>
  );
}

/** What follows from it, in one sentence. */
export function sentenceOf({ blockedAt, reason }: Pick<BillingNews, "blockedAt" | "reason">): string {
  if (!blockedAt) return "Two weeks after its due date the API answers 402 until it is paid.";
  return reason === "exposure"
    ? "An advance could not be collected and more was used since. The API answers 402 until it is paid; the next request after that passes."
    : "The API answers 402 until they are paid; keys and settings stay, and the next request after the payment passes.";
}
