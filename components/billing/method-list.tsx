import { Badge } from "#components/ui/badge.tsx";
import { ButtonForm } from "#components/ui/button-form.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import type { Action } from "#lib/core/action-result.ts";
import { expiryOf, methodWords } from "#lib/domain/payments/methods/rules.ts";
import type { PaymentMethod } from "#lib/domain/payments/methods/view.ts";

const columns = [
  { key: "method", label: "Method" },
  { key: "expires", label: "Expires" },
  { key: "added", label: "Added" },
  { key: "state", label: "Status" },
  { key: "actions", label: "Actions", quiet: true, align: "right" },
] as const;

type Props = {
  methods: readonly PaymentMethod[];
  now: Date;
  /** Whether the organization is on the paid plan, so that something is collected. */
  pays: boolean;
  choose?: Action<void>;
  remove?: Action<void>;
};

/** What the organization can be charged by, the chosen one first. */
export function MethodList({ methods, now, pays, choose, remove }: Props) {
  const chosen = methods.find(({ isDefault }) => isDefault);
  return (
    <>
      {chosen ? <Warning method={chosen} now={now} /> : null}
      <Table caption="Payment methods" columns={columns}>
        {methods.map((method) => (
          <Row key={method.id}>
            <HeadCell>{methodWords(method)}</HeadCell>
            <Cell label="Expires">{monthOf(method)}</Cell>
            <Cell label="Added">
              <Time at={method.createdAt} form="date" now={now} />
            </Cell>
            <Cell label="Status">
              <State method={method} now={now} />
            </Cell>
            <Cell align="right">
              <span className="inline-flex flex-wrap items-center justify-end gap-2">
                {choose && !method.isDefault ? (
                  <ButtonForm button="Use this one" values={{ id: method.id }} act={choose} />
                ) : null}
                {remove ? <Remove method={method} others={methods.length - 1} pays={pays} remove={remove} /> : null}
              </span>
            </Cell>
          </Row>
        ))}
      </Table>
    </>
  );
}

const monthOf = ({ expMonth, expYear }: PaymentMethod): string =>
  expMonth === null || expYear === null ? "–" : `${String(expMonth).padStart(2, "0")}/${expYear}`;

function State({ method, now }: { method: PaymentMethod; now: Date }) {
  if (method.frozenAt) return <Badge tone="bad">Charged back</Badge>;
  const expiry = expiryOf(method, now);
  if (expiry === "over") return <Badge tone="bad">Expired</Badge>;
  if (expiry === "soon") return <Badge tone="warn">Expires soon</Badge>;
  return method.isDefault ? <Badge tone="good">In use</Badge> : <Badge>Kept</Badge>;
}

/** What will go wrong with the method in use, before it does. */
function Warning({ method, now }: { method: PaymentMethod; now: Date }) {
  const expiry = expiryOf(method, now);
  if (method.frozenAt)
    return (
      <Notice tone="bad" title={`${methodWords(method)} is not charged any more`}>
        The bank took a payment back. Add another payment method, or pay invoices by hand.
      </Notice>
    );
  if (expiry === "fine") return null;
  return (
    <Notice
      tone={expiry === "over" ? "bad" : "warn"}
      title={`${methodWords(method)} ${expiry === "over" ? "has expired" : "expires soon"}`}
    >
      Add another payment method, so that the next collection does not fail.
    </Notice>
  );
}

type RemoveProps = { method: PaymentMethod; others: number; pays: boolean; remove: Action<void> };

const Remove = ({ method, others, pays, remove }: RemoveProps) => (
  <ConfirmDialog
    trigger="Remove…"
    triggerLook={{ size: "small", emphasis: "quiet", tone: "bad" }}
    title={`Remove ${methodWords(method)}`}
    confirm="Remove payment method"
    action={remove}
  >
    <input type="hidden" name="id" value={method.id} />
    <p className="text-ui">{effectOf(method, others, pays)}</p>
  </ConfirmDialog>
);

function effectOf({ isDefault }: PaymentMethod, others: number, pays: boolean): string {
  if (!isDefault) return "It is not charged now, so nothing changes but that it cannot be chosen any more.";
  if (others > 0) return "Advances and invoices are collected from the newest of the other methods from now on.";
  return pays
    ? "It is the only one: the next advance or invoice cannot be collected, and two weeks after its due date the API answers 402 until it is paid."
    : "It is the only one. On the free plan nothing is collected.";
}
