import { Card } from "#components/ui/card.tsx";
import { Copyable } from "#components/ui/copyable.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { formatCents } from "#lib/core/money.ts";
import { blockWords, ledgerWords } from "#lib/domain/billing/desk/rules.ts";
import type { DeskAccount } from "#lib/domain/billing/desk/view.ts";
import { addressLine } from "#lib/domain/billing/invoices/rules.ts";
import { providerWords } from "./account-list.tsx";
import { RecordVatCheck } from "./record-vat-check.tsx";

const registered = { unchecked: "not checked yet", valid: "valid", invalid: "not valid", none: "" } as const;

type Props = { account: DeskAccount; now: Date; recordCheck: Action<void> };

/** Who is billed, and what the account comes to. */
export function AccountFacts({ account, now, recordCheck }: Props) {
  const { organizationId, vatId, vatStatus, blockedAt, blockedReason, balances } = account;
  return (
    <div className="grid gap-5 lg:grid-cols-2">
      <Card title="Who is billed">
        <DefinitionList
          rows={[
            { term: "Billed as", value: `${account.name} (${account.buyerType})` },
            { term: "Address", value: addressLine(account.address) || "Not filled in" },
            {
              term: "VAT number",
              value: vatId ? (
                <span className="flex flex-wrap items-center gap-2">
                  {vatId}, {registered[vatStatus]}
                  <RecordVatCheck organizationId={organizationId} vatId={vatId} record={recordCheck} />
                </span>
              ) : (
                "None"
              ),
            },
            { term: "Pays by", value: providerWords(account) },
            { term: "Invoices go to", value: account.emails.join(", ") || "Organization admins and billing managers" },
            ...(blockedAt && blockedReason
              ? [
                  {
                    term: "Blocked",
                    value: (
                      <>
                        {blockWords[blockedReason]}, <Time at={blockedAt} now={now} />
                      </>
                    ),
                  },
                ]
              : []),
            { term: "Organization", value: <Copyable text={organizationId} noun="organization id" /> },
          ]}
        />
      </Card>
      <Card
        title="Balances"
        description={`${formatCents(account.owedCents)} can be asked for, ${formatCents(account.creditCents)} credit is left. A debit is positive.`}
      >
        <DefinitionList
          rows={
            balances.length > 0
              ? balances.map(({ account: name, cents }) => ({
                  term: ledgerWords[name],
                  value: <span className="tabular">{formatCents(cents)}</span>,
                }))
              : [{ term: "All accounts", value: formatCents(0n) }]
          }
        />
      </Card>
    </div>
  );
}
