import type { Call } from "#lib/gateway/http/request.ts";
import { isTrainingEligible } from "./settlement.ts";

/** Hands what was asked and answered to the content log, unless nothing may be kept (T-4.2.2.2-ZDR4); `answer` is JSON. */
export function keepContent(call: Call, answer: string): Promise<void> | undefined {
  if (call.key.isZeroRetention) return undefined;
  return call.plane.meter.keep({
    organizationId: call.key.organizationId,
    requestId: call.id,
    workspaceId: call.key.workspaceId,
    at: call.at,
    trainingEligible: isTrainingEligible(call),
    request: call.body,
    answer,
  });
}
