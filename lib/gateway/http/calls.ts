import { stopwatch } from "#lib/core/clock.ts";
import type { AppError } from "#lib/core/errors.ts";
import type { AuthenticatedRequest } from "./request.ts";

/** The requests to this process that are under way, the oldest first. */
export class Calls {
  readonly #begun = new Map<AuthenticatedRequest, number>();

  begin(request: AuthenticatedRequest): void {
    this.#begun.set(request, stopwatch());
  }

  end(request: AuthenticatedRequest | undefined): void {
    if (request) this.#begun.delete(request);
  }

  /** Milliseconds since the oldest began; zero when there is none. */
  age(): number {
    const [oldest] = this.#begun.values();
    return oldest === undefined ? 0 : stopwatch() - oldest;
  }

  /** Ends those of an organization, and tells their clients why. */
  endAll(organization: string, why: AppError): void {
    for (const request of this.#begun.keys()) if (request.key.organizationId === organization) request.end(why);
  }

  /** Cuts those of some organizations that began that long ago. */
  cut(organizations: readonly string[], ms: number): void {
    for (const [request, at] of this.#begun) {
      if (stopwatch() - at < ms) break;
      if (organizations.includes(request.key.organizationId)) request.cut();
    }
  }
}
