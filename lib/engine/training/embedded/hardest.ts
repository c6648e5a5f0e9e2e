import type { Model } from "#lib/engine/tiny/model.ts";
import { measure } from "#lib/engine/tiny/tuning/descent.ts";
import type { SampleStore } from "#lib/engine/tiny/tuning/store.ts";
import type { Breath } from "#lib/engine/training/breath.ts";
import type { Note } from "./messages.ts";

const toldLines = 10;
/** So many are measured with what was learned in the end; the others were learned better when they were seen last. */
const measuredMost = 500;

/** The lines with the highest loss, by file and line: often they are the odd ones. */
export async function hardestLines(
  model: Model,
  samples: SampleStore,
  losses: Float32Array,
  breath: Breath,
): Promise<Note[]> {
  const seen = Array.from(losses.keys()).filter((at) => (losses[at] ?? 0) > 0);
  const candidates = seen.sort((a, b) => (losses[b] ?? 0) - (losses[a] ?? 0)).slice(0, measuredMost);
  const hardest = new Map<string, number>();
  for (const at of candidates) {
    const { set, line } = samples.placeOf(at);
    const place = `training file ${set + 1}, line ${line}`;
    const measured = await breath.through(measure(model, samples, [at]));
    hardest.set(place, Math.max(hardest.get(place) ?? 0, measured?.loss ?? 0));
  }
  if (hardest.size === 0) return [];
  const worst = [...hardest].sort(([, a], [, b]) => b - a).slice(0, toldLines);
  const lines = worst.map(([place, loss]) => `${place}: ${loss.toFixed(3)}`);
  return [{ level: "info", text: `Lines with the highest loss in nats a token:\n${lines.join("\n")}` }];
}
