import { durationWords, type RequestView } from "#lib/domain/request-log/view.ts";

/** From the request to its last byte, drawn to scale. */
export function RequestTiming({ request }: { request: RequestView }) {
  const { latencyMs, firstByteMs } = request;
  const waited = firstByteMs === null || latencyMs === 0 ? 100 : Math.min(100, (firstByteMs / latencyMs) * 100);
  return (
    <div className="flex flex-col gap-2 text-ui">
      <svg aria-hidden="true" className="block h-3 w-full">
        <rect width="100%" height="12" rx="3" className="fill-series-other" />
        <rect x={`${waited}%`} width={`${100 - waited}%`} height="12" rx="3" className="fill-series-1" />
      </svg>
      <dl className="flex flex-wrap gap-x-6 gap-y-1">
        {firstByteMs === null ? null : (
          <Part swatch="bg-series-other" term="Until the first byte" value={durationWords(firstByteMs)} />
        )}
        {firstByteMs === null ? null : (
          <Part
            swatch="bg-series-1"
            term="Sending the answer"
            value={durationWords(Math.max(0, latencyMs - firstByteMs))}
          />
        )}
        <Part term="In all" value={durationWords(latencyMs)} />
      </dl>
    </div>
  );
}

function Part({ swatch, term, value }: { swatch?: string; term: string; value: string }) {
  return (
    <div className="flex items-center gap-1.5">
      {swatch ? <span aria-hidden="true" className={`size-2 rounded-full ${swatch}`} /> : null}
      <dt className="text-text-soft">{term}</dt>
      <dd className="tabular">{value}</dd>
    </div>
  );
}
