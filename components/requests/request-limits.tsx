import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Sum } from "#components/ui/sum.tsx";
import { formatCount } from "#components/usage/measures.ts";
import { exactEuros, formatEuros } from "#lib/core/money.ts";
import type { RequestDetail } from "#lib/domain/request-log/view.ts";

const scopeWords = {
  key: "the limit of the key",
  workspace: "the limit of the workspace",
  organization: "the limit of the organization",
} as const;

/** How the limits stood when the request was let in or turned away. */
export function RequestLimits({ request }: { request: RequestDetail }) {
  const { heldPico, waivedPico, clampedTokens, requestsLeft, tokensLeft } = request;
  return (
    <DefinitionList
      rows={[
        { term: "Held for it", value: heldPico === 0n ? "Nothing" : <Amount pico={heldPico} /> },
        { term: "Tightest spend limit", value: tightest(request) },
        {
          term: "Answer cut to",
          value:
            clampedTokens === null ? "Not cut by a limit" : `${formatCount(clampedTokens)} tokens, all that was left`,
        },
        {
          term: "Waived",
          value:
            waivedPico === 0n ? (
              "Nothing"
            ) : (
              <>
                <Amount pico={waivedPico} />, more than was held for it: not billed
              </>
            ),
        },
        {
          term: "Requests left",
          value: requestsLeft === null ? "No rate limit" : `${formatCount(requestsLeft)} at that moment`,
        },
        {
          term: "Tokens left",
          value: tokensLeft === null ? "No rate limit" : `${formatCount(tokensLeft)} at that moment`,
        },
      ]}
    />
  );
}

function tightest({ limitScope, limitLeftPico }: RequestDetail) {
  if (limitScope === null || limitLeftPico === null) return "None was set";
  return (
    <>
      <Sum pico={limitLeftPico} /> left of {scopeWords[limitScope]}
    </>
  );
}

const Amount = ({ pico }: { pico: bigint }) => (
  <span className="tabular" title={exactEuros(pico)}>
    {formatEuros(pico)}
  </span>
);
