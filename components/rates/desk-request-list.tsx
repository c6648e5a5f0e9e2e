import type { ReactNode } from "react";
import { RateRequestList, type RateRequestRow } from "./rate-request-list.tsx";

export type DeskRequestRow = RateRequestRow & {
  organizationId: string;
  organizationName: string;
  plan: "free" | "paid" | "order";
  /** Without the customer's words and people: no reason to look at them is open. */
  isHidden: boolean;
};

type Props = {
  requests: readonly DeskRequestRow[];
  now: Date;
  actions?: (request: DeskRequestRow) => ReactNode;
};

/** The same list for staff, with whose request it is. */
export function DeskRequestList({ requests, now, actions }: Props) {
  const byId = new Map(requests.map((request) => [request.id, request]));
  const withName = requests.map((request) => ({
    ...request,
    requesterName: [`${request.organizationName} (${request.plan})`, request.requesterName].filter(Boolean).join(", "),
    useCase: request.isHidden ? "What they wrote is shown with a reason." : request.useCase,
  }));
  const decide = (row: RateRequestRow) => {
    const request = byId.get(row.id);
    return request && actions?.(request);
  };
  return <RateRequestList requests={withName} now={now} actions={decide} />;
}
