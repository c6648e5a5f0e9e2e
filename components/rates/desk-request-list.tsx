import type { ReactNode } from "react";
import type { RateRequestView } from "#lib/domain/rates/view.ts";
import type { SeenRequest } from "#lib/domain/staff/rates/view.ts";
import { planTitles } from "./plan-facts.tsx";
import { RateRequestList } from "./rate-request-list.tsx";

type Props = {
  requests: readonly SeenRequest[];
  now: Date;
  actions?: (request: SeenRequest) => ReactNode;
};

/** The same list for staff, with whose request it is. */
export function DeskRequestList({ requests, now, actions }: Props) {
  const byId = new Map(requests.map((request) => [request.id, request]));
  const withName = requests.map((request) => ({
    ...request,
    requesterName: [`${request.organizationName} (plan: ${planTitles[request.plan]})`, request.requesterName]
      .filter(Boolean)
      .join(", "),
    useCase: request.isHidden ? "What they wrote is shown with a reason." : request.useCase,
  }));
  const decide = (row: RateRequestView) => {
    const request = byId.get(row.id);
    return request && actions?.(request);
  };
  return <RateRequestList requests={withName} now={now} actions={decide} />;
}
