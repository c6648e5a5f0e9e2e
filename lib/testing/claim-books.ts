import type { CheckpointReport, ClaimLine, LogLine, Orders, Point, TrainingTask } from "#lib/engine/training/port.ts";

export type SavedCheckpoint = Omit<CheckpointReport, "weights"> & { bytes: Buffer };

/** What the house keeps of a training, as any process that claims it finds it. */
export class ClaimBooks {
  readonly saved: SavedCheckpoint[] = [];
  readonly points: Point[] = [];
  readonly log: LogLine[] = [];
  remembered: Record<string, string> = {};

  /** `orders` says what each report is answered with. */
  line(orders: (on: "beat" | "checkpoint") => Orders = () => "go_on"): ClaimLine {
    return {
      beat: async ({ points, log }) => {
        this.points.push(...points);
        this.log.push(...log);
        return orders("beat");
      },
      checkpoint: async ({ weights, ...report }) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of weights ?? []) pieces.push(piece);
        const answer = orders("checkpoint");
        if (answer !== "lost") this.saved.push({ ...report, bytes: Buffer.concat(pieces) });
        return answer;
      },
      remember: async (names) => {
        this.remembered = names;
      },
      remembered: this.remembered,
    };
  }

  get keptStep(): number {
    return this.saved.at(-1)?.step ?? 0;
  }

  resume(): TrainingTask["resume"] {
    const last = this.saved.at(-1);
    return last ? { step: last.step, open: async () => inPieces(last.bytes) } : null;
  }
}

export async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000);
}
