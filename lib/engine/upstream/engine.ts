import type { Engine } from "#lib/engine/port.ts";
// replaced in a moment by the real one
export function createUpstreamEngine(_config: unknown): Engine {
  throw new Error("not yet");
}
