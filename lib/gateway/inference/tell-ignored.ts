import { namesInHeader, sorted } from "#lib/engine/port/parameters.ts";
import type { AdmittedRequest } from "./admission.ts";

/** Names in a header what the client sent and the model's upstream does not take. */
export function tellIgnored({ request, engine }: AdmittedRequest): void {
  if (!request.sent) return;
  const { ignored } = sorted(request.sent.parameters, request.sent.body, engine.takes);
  if (ignored.length > 0) request.headers["x-ignored-parameters"] = namesInHeader(ignored);
}
