import { setTimeout as pause } from "node:timers/promises";
import { timestamp } from "#lib/core/clock.ts";
import type { AccountContext } from "#lib/core/context.ts";
import { log, logError } from "#lib/core/log.ts";
import { watchIncidents } from "#lib/domain/status/commands.ts";
import { beat, keepSamples } from "#lib/domain/status/looks/commands.ts";
import { statusSnapshot } from "#lib/domain/status/queries.ts";
import { holdsMs, incidentAfterMs, minuteMs, type SampleState, stateNow } from "#lib/domain/status/rules.ts";
import type { Component, ComponentView, IncidentView, StatusSnapshot } from "#lib/domain/status/view.ts";
import type { Journal } from "./journal.ts";
import { lookAtAll, type Probe } from "./probes.ts";
import type { SnapshotFile } from "./snapshot.ts";

type Options = {
  probes: readonly Probe[];
  journal: Journal;
  file: SnapshotFile;
  context: () => AccountContext;
  isDatabaseAway: () => boolean;
  /** Takes what is known to a place outside, each minute. */
  mirror?: ((snapshot: StatusSnapshot) => Promise<void>) | undefined;
  /** How long after a failure it is looked at once more. */
  waitMs?: number;
};

/**
 * Looks at every component once a minute, whichever front is first, and keeps what the status page shows in memory. Without a
 * database each front looks for itself and shows what it finds.
 */
export class StatusWatch {
  readonly #options: Options;
  #kept: StatusSnapshot | undefined;
  /** What this process found lately, by component. */
  readonly #own = new Map<string, { at: number; state: SampleState }[]>();
  #stopped: AbortController | undefined;
  #running: Promise<void> | undefined;
  #mirroring: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#kept = options.file.read();
  }

  start(): void {
    this.#stopped = new AbortController();
    this.#running = this.#run(this.#stopped.signal);
  }

  async stop(): Promise<void> {
    this.#stopped?.abort();
    await this.#running;
    await this.#mirroring;
  }

  /** What is known now; undefined before anything ever was. */
  get snapshot(): StatusSnapshot | undefined {
    return this.#kept && this.#options.isDatabaseAway() ? this.#withOwn(this.#kept) : this.#kept;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const failed = (error: unknown): void => {
      if (!signal.aborted) log("status.waits", { reason: String(error) });
    };
    // What is kept is shown at once. Looks begin with the next minute: a server that has just started has enough to do.
    await this.#show().catch(failed);
    while (!signal.aborted) {
      const rest = minuteMs - (timestamp() % minuteMs);
      await pause(rest, undefined, { ref: false, signal }).catch(() => undefined);
      if (!signal.aborted) await this.minute(signal).catch(failed);
    }
  }

  /** One look, and what follows from it. */
  async minute(signal?: AbortSignal): Promise<void> {
    const { probes, journal, context, isDatabaseAway, waitMs } = this.#options;
    const isFirst = isDatabaseAway() || (await beat(context()).catch(() => true));
    if (isFirst) {
      const at = timestamp();
      const found = await lookAtAll(probes, waitMs, signal);
      for (const { component, state } of found) this.#note(component, at, state);
      journal.add({ at, found });
    }
    if (!isDatabaseAway()) {
      await journal.settle((found, beats) => keepSamples(context(), found, beats));
      if (isFirst) await watchIncidents(context(), this.#components());
      await this.#show();
    }
    if (isFirst) this.#mirror();
  }

  /** No one waits for a place outside; while one copy is on its way, no other begins. */
  #mirror(): void {
    const { snapshot } = this;
    const { mirror } = this.#options;
    if (!mirror || !snapshot || this.#mirroring) return;
    this.#mirroring = mirror(snapshot)
      .catch((error: unknown): void => {
        logError("status.mirror", error);
      })
      .finally(() => {
        this.#mirroring = undefined;
      });
  }

  #components(): Component[] {
    return this.#options.probes.map(({ id, name }) => ({ id, name }));
  }

  async #show(): Promise<void> {
    if (this.#options.isDatabaseAway()) return;
    this.#kept = await statusSnapshot(this.#options.context(), this.#components());
    this.#options.file.write(this.#kept);
  }

  #note(component: string, at: number, state: SampleState): void {
    const kept = [...(this.#own.get(component) ?? []), { at, state }].filter((one) => one.at > at - keptMs);
    this.#own.set(component, kept);
  }

  /** While the database is away, what this process finds by itself, and an incident that no one could write down yet. */
  #withOwn(kept: StatusSnapshot): StatusSnapshot {
    const now = timestamp();
    const components = kept.components.map((one) => ({
      ...one,
      state: stateNow(this.#own.get(one.id) ?? [], now) ?? one.state,
    }));
    const incident = this.#unwritten(components, kept, now);
    const incidents = incident ? [incident, ...kept.incidents] : kept.incidents;
    return { ...kept, asOf: new Date(now).toISOString(), components, incidents };
  }

  #unwritten(
    components: readonly ComponentView[],
    { incidents }: StatusSnapshot,
    now: number,
  ): IncidentView | undefined {
    const down = components.filter(({ state }) => state === "down");
    const since = Math.min(...down.map(({ id }) => this.#downSince(id) ?? now));
    const isTold = down.some(({ id }) =>
      incidents.some((one) => one.resolvedAt === null && one.components.includes(id)),
    );
    if (down.length === 0 || isTold || now - since < incidentAfterMs) return undefined;
    const startedAt = new Date(since).toISOString();
    const words = "Our probes get no answer. We are looking into it.";
    return {
      id: "inc_00000000000000000000000000",
      title: `${down.map(({ name }) => name).join(", ")}: no answer`,
      impact: "major",
      components: down.map(({ id }) => id),
      startedAt,
      resolvedAt: null,
      updates: [{ number: 1, state: "investigating", words, at: startedAt }],
    };
  }

  /** Since when this process finds it down without a break. */
  #downSince(component: string): number | undefined {
    const own = this.#own.get(component) ?? [];
    const lastWell = own.findLastIndex(({ state }) => state !== "down");
    return own[lastWell + 1]?.at;
  }
}

const keptMs = 60 * minuteMs + holdsMs;
