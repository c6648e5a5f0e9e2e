import type { ReactNode } from "react";
import { type Definition, DefinitionList } from "#components/ui/definition-list.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Time } from "#components/ui/time.tsx";
import { dataTitles, endTitles, reasonTitles, scopeTitles } from "#lib/domain/zero-retention/rules.ts";
import type { RequestView } from "#lib/domain/zero-retention/view.ts";

type Props = { request: RequestView; now: Date };

/** What was asked for, and what came of it. */
export function RequestFacts({ request, now }: Props) {
  return (
    <div className="flex flex-col gap-4">
      <Standing request={request} now={now} />
      <DefinitionList rows={rowsOf(request, now)} />
    </div>
  );
}

export const coveredWords = ({ scope, workspaceName }: RequestView): string =>
  workspaceName ? `Workspace ${workspaceName}` : scopeTitles[scope];

function rowsOf(request: RequestView, now: Date): Definition[] {
  const { keepClasses, dataClasses, requesterName, createdAt, words, decidedAt, decidedReason, activeAt } = request;
  const rows: [string, ReactNode][] = [
    ["Covers", coveredWords(request)],
    ["Reason", reasonTitles[request.reason]],
    ["Why", words && <span className="whitespace-pre-line">{words}</span>],
    ["Data", dataClasses.map((one) => dataTitles[one]).join(", ")],
    ["Kept on instruction", keepClasses.length > 0 ? keepClasses.join(", ") : "Nothing"],
    ["Requested", <RequestedBy key="requested" name={requesterName} at={createdAt} now={now} />],
    ["Decided", decidedAt && <Time at={decidedAt} form="instant" />],
    ["Answer", decidedReason],
    ["Active since", activeAt && <Time at={activeAt} form="instant" />],
    ["Last checked", request.verifiedAt && <Time at={request.verifiedAt} now={now} />],
    ["Ended", request.endedAt && <Time at={request.endedAt} form="instant" />],
    ["Why it ended", request.endReason && endTitles[request.endReason]],
  ];
  return rows.flatMap(([term, value]) => (value ? [{ term, value }] : []));
}

const RequestedBy = ({ name, at, now }: { name: string; at: Date; now: Date }) => (
  <>
    {name ? `${name}, ` : null}
    <Time at={at} now={now} />
  </>
);

/** What the reader has to know before everything else. */
function Standing({ request, now }: Props) {
  if (request.brokenAt)
    return (
      <Notice tone="bad" title="The last check failed">
        Found <Time at={request.brokenAt} now={now} />. The steps below say where; our staff look into it.
      </Notice>
    );
  if (request.state === "ending" && request.endsAt)
    return (
      <Notice tone="warn" title="It ends">
        Nothing is stored until <Time at={request.endsAt} form="date" />; from then on things are kept for 30 days.
      </Notice>
    );
  if (request.state === "asked")
    return (
      <Notice tone="warn" title="There is a question">
        The request waits for the answer of an organization admin.
      </Notice>
    );
  if (request.stuckOn)
    return (
      <Notice tone="warn" title="Not complete yet">
        The last attempt stopped at: {request.stuckOn}. It is tried again by itself; nothing is stored meanwhile.
      </Notice>
    );
  return null;
}
