import type { AuthenticatedRequest } from "#lib/gateway/http/request.ts";
import { keepsContent } from "#lib/gateway/http/retention-header.ts";
import { keptBody } from "./end-user.ts";
import { isTrainingEligible } from "./settlement.ts";

/** Hands what was asked and answered to the content log, unless nothing may be kept (T-4.2.2.2-ZDR4); `answer` is JSON. */
export function keepContent(request: AuthenticatedRequest, answer: string): Promise<void> | undefined {
  if (!keepsContent(request.key)) return undefined;
  return request.plane.meter.keep({
    organizationId: request.key.organizationId,
    requestId: request.id,
    workspaceId: request.key.workspaceId,
    at: request.at,
    trainingEligible: isTrainingEligible(request),
    request: keptBody(request),
    answer,
  });
}
