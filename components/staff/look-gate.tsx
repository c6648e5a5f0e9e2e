import { Card } from "#components/ui/card.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { LookForm } from "./look-form.tsx";

type Props = { customer: { id: string; name: string }; what: string; open: Action<void> };

/** Before anything of a customer's is shown. */
export function LookGate({ customer, what, open }: Props) {
  return (
    <Card
      title={`Why do you look at ${customer.name}?`}
      description={`${what} The reason, your name and each thing you open are in the customer's audit log within a second.`}
    >
      <LookForm organizationId={customer.id} open={open} />
    </Card>
  );
}
