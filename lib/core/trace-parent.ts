const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const nothing = /^0+$/;

/**
 * The caller's trace and span as a `traceparent` header names them (W3C Trace Context), in the spelling of version 00; null
 * for what is none. A header that was sent twice is none either.
 */
export function traceParentOf(header: string | string[] | undefined): string | null {
  if (typeof header !== "string" || header.length > 512) return null;
  const [, version = "", trace = "", span = "", more] = shape.exec(header) ?? [];
  if (version === "" || version === "ff" || nothing.test(trace) || nothing.test(span)) return null;
  // Later versions may say more at the end; this one may not.
  if (version === "00" && more !== undefined) return null;
  return `00-${trace}-${span}-01`;
}

/** What a trace parent that was kept names. */
export function tracePartsOf(kept: string): { traceId: string; spanId: string } {
  const [, traceId = "", spanId = ""] = kept.split("-");
  return { traceId, spanId };
}
