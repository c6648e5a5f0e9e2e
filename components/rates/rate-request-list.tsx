import type { ReactNode } from "react";
import { Time } from "#components/ui/time.tsx";
import type { RateRequestView } from "#lib/domain/rates/view.ts";
import { numberWords } from "./number-words.ts";
import { RequestStateBadge } from "./request-state.tsx";

type Props = {
  requests: readonly RateRequestView[];
  now: Date;
  /** What can be done with a request that waits. */
  actions?: (request: RateRequestView) => ReactNode;
};

/** What was asked for and what came of it, the latest first. */
export function RateRequestList({ requests, now, actions }: Props) {
  return (
    <ul className="divide-y divide-line">
      {requests.map((request) => (
        <li key={request.id} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3.5 text-ui">
          <div className="min-w-0 max-w-[64ch] grow basis-72">
            <p className="tabular font-medium">
              {numberWords(request)}{" "}
              <span className="font-normal text-text-soft">for {request.model ?? "every model"}</span>
            </p>
            <p className="break-words whitespace-pre-line text-text-soft">{request.useCase}</p>
            {request.answer ? <p className="mt-1 break-words">Answer: {request.answer}</p> : null}
            <p className="mt-1 text-meta text-text-faint">
              {request.requesterName}, <Time at={request.createdAt} now={now} />
            </p>
          </div>
          <div className="flex flex-wrap items-center gap-2">
            <RequestStateBadge state={request.state} />
            {request.state === "submitted" ? actions?.(request) : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
