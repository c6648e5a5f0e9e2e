import { disconnect } from "#db/client.ts";
import { connect } from "#db/pool.ts";
import { AppError } from "#lib/core/errors.ts";
import type { StripeStandIn } from "#lib/testing/stripe/server.ts";
import { acts } from "./acts.ts";
import { check, drain, settleUp } from "./checks.ts";
import { Cut } from "./cuts.ts";
import { Town } from "./town.ts";

export type Ran = { seed: number; acts: number; faults: Record<string, number>; problems: string[] };
type Size = { workers: number; organizations: number; acts: number };

export const usualSize: Size = { workers: 8, organizations: 4, acts: 60 };

/** Random acts of several workers at once on a database of their own, and what is wrong after all of it has settled. */
export async function torture(url: string, standIn: StripeStandIn, seed: number, size: Size): Promise<Ran> {
  process.env.DATABASE_URL = url;
  const { sql, db } = connect(url, 12);
  try {
    const town = await Town.found({ db, sql, standIn, seed }, size);
    await Promise.all(Array.from({ length: size.workers }, (_, worker) => work(town, worker, size.acts)));
    await drain(town);
    await settleUp(town);
    await drain(town);
    return { seed, acts: town.acts, faults: Object.fromEntries(town.faults), problems: await check(town) };
  } finally {
    await disconnect();
    await sql.end({ timeout: 5 });
  }
}

/** Every act as often as it weighs. */
const lot = acts.flatMap(([name, weight, act]) => Array.from({ length: weight }, () => ({ name, act })));

async function work(town: Town, worker: number, count: number): Promise<void> {
  for (let done = 0; done < count; done++) {
    const drawn = town.chance.one(lot);
    if (!drawn) return;
    town.acts += 1;
    try {
      await town.act(() => drawn.act(town, worker));
    } catch (error) {
      // What is refused politely, and a process that died, are part of the game.
      if (!(error instanceof AppError) && !(error instanceof Cut)) town.problems.push(`${drawn.name}: ${told(error)}`);
    }
  }
}

const told = (error: unknown): string =>
  error instanceof Error ? `${error.message.slice(0, 300)} ${error.cause ? told(error.cause) : ""}` : String(error);
