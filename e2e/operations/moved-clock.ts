import type { Browser, Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { now } from "#lib/core/clock.ts";
import { launch, ready, type ServerProcess, stop } from "./server-process.ts";

/** A server of a journey's own, and by how much its clock goes before ours. */
export type MovedServer = { process: ServerProcess; offset: number; env: Record<string, string> };

export async function startMoved(env: Record<string, string>): Promise<MovedServer> {
  const process = await launch({ env });
  await ready(process);
  return { process, offset: 0, env };
}

/** The same server, started again when its clock shows another time. */
export async function moveTo(server: MovedServer, at: Date): Promise<void> {
  const { folder } = server.process;
  await stop(server.process);
  server.offset = at.getTime() - now().getTime();
  server.process = await launch({ folder, env: { ...server.env, CLOCK_OFFSET: String(server.offset) } });
  await ready(server.process);
}

/** What the clock of the server shows. */
const clockOf = ({ offset }: MovedServer): number => now().getTime() + offset;

/** A browser of its own at the server of a journey. */
export const openAt = async (browser: Browser, { process }: MovedServer): Promise<Page> =>
  (await browser.newContext({ baseURL: process.url, reducedMotion: "reduce" })).newPage();

/**
 * Asks the running server until an instant is past. What is answered before it and what is answered to a question after
 * it stand apart; a question that was under way at the instant says nothing.
 */
export async function across<T>(
  server: MovedServer,
  at: Date,
  question: () => Promise<T>,
): Promise<{ before: T[]; after: T[] }> {
  const [before, after]: [T[], T[]] = [[], []];
  const ask = async () => {
    const asked = clockOf(server);
    const answer = await question();
    if (asked >= at.getTime()) after.push(answer);
    else if (clockOf(server) < at.getTime()) before.push(answer);
    return after.length;
  };
  await expect.poll(ask, { timeout: 120_000, intervals: [1500] }).toBeGreaterThanOrEqual(3);
  return { before, after };
}
