import { amountWords } from "#lib/domain/rates/rules.ts";
import type { RateNumbers } from "#lib/domain/rates/view.ts";

/** Some limits in one line: "40 requests a second, 2,000,000 tokens a minute". */
export function numberWords({ requestsPerSecond, tokensPerMinute, tokensPerMonth }: RateNumbers): string {
  return [
    requestsPerSecond === null ? [] : amountWords("requests_second", requestsPerSecond),
    tokensPerMinute === null ? [] : amountWords("tokens_minute", tokensPerMinute),
    tokensPerMonth === null ? [] : amountWords("tokens_month", tokensPerMonth),
  ]
    .flat()
    .join(", ");
}
