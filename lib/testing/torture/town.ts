import { EventEmitter, once } from "node:events";
import type { Db, Sql } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import type { AccountContext, Context } from "#lib/core/context.ts";
import { inOrganization } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { publishBilling, saveProfile } from "#lib/domain/billing/accounts/commands.ts";
import { beginSetup, completePage } from "#lib/domain/payments/pages/commands.ts";
import { frenchProfile, systemAt } from "#lib/testing/billing.ts";
import type { StripeStandIn } from "#lib/testing/stripe/server.ts";
import { testWorkspace } from "#lib/testing/workspace.ts";
import { Chance } from "./chance.ts";
import { dyingDb } from "./cuts.ts";

/** The most an organization of the town may use in a month, in euros. */
export const limitEuros = 400n;
export const onePico = 1_000_000_000_000n;

/** Numbers that pay, are declined later, want a person, or are debits that come or bounce. */
const numbers = [
  "4242424242424242",
  "4242424242424242",
  "5555555555554444",
  "4000000000000341",
  "4000002500003155",
  "DE89370400440532013000",
  "DE62370400440532013001",
];

export type Act = (town: Town, worker: number) => Promise<unknown>;

type Place = { db: Db; sql: Sql; standIn: StripeStandIn; seed: number };

/** Several organizations that pay, one clock for all, and what went wrong on purpose. */
export class Town {
  readonly db: Db;
  readonly sql: Sql;
  readonly standIn: StripeStandIn;
  readonly chance: Chance;
  readonly customers: Context[] = [];
  readonly workers: Id<"lessee">[] = [];
  readonly problems: string[] = [];
  readonly faults = new Map<string, number>();
  acts = 0;
  /** From here on nothing goes wrong on purpose. */
  isCalm = false;
  /** Acts that are under way, and what waits for their end and keeps others from beginning. */
  #acting = 0;
  #single: Promise<void> | undefined;
  readonly #ends = new EventEmitter();
  /** What the stand-in had told and made before this town. */
  readonly #toldBefore: number;
  readonly #madeBefore: number;

  private constructor({ db, sql, standIn, seed }: Place) {
    this.db = db;
    this.sql = sql;
    this.standIn = standIn;
    this.chance = new Chance(seed);
    this.#toldBefore = standIn.books.events.length;
    this.#madeBefore = standIn.books.all("payment_intent").length;
  }

  static async found(place: Place, { organizations, workers }: { organizations: number; workers: number }) {
    const town = new Town(place);
    const { standIn } = place;
    Object.assign(env(), {
      STRIPE_SECRET_KEY: standIn.secretKey,
      STRIPE_WEBHOOK_SECRET: [standIn.webhookSecret],
      STRIPE_API_BASE: standIn.url,
    });
    // Late in a month, so that it ends soon.
    const at = town.now;
    standIn.books.advance(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 24) - at.getTime());
    await publishBilling(town.system());
    for (let count = 0; count < workers; count++) {
      const id = newId("lessee", town.now);
      await place.sql`insert into lessees (id, expires_at) values (${id}, 'infinity')`;
      town.workers.push(id);
    }
    for (let count = 0; count < organizations; count++) await town.#settle();
    return town;
  }

  async #settle(): Promise<void> {
    const ctx = await testWorkspace(this.db);
    const { organizationId } = ctx;
    this.customers.push(ctx);
    await saveProfile({ ...ctx, now: this.now } as Context, frenchProfile);
    const month = `${this.now.toISOString().slice(0, 7)}-01`;
    await this
      .sql`insert into spend_limits (organization_id, scope, scope_id, period, limit_pico, alert_percents, standing_pico,
      standing_month, updated_at, updated_by) values (${organizationId}, 'organization', ${organizationId}, 'month',
      ${String(limitEuros * onePico)}, '{}', 0, ${month}, ${this.now}, 'test')`;
    await this.addMethod({ ...ctx, now: this.now } as Context);
  }

  get now(): Date {
    return new Date(this.standIn.books.now() * 1000);
  }

  async act<T>(work: () => Promise<T>): Promise<T> {
    while (this.#single) await this.#single;
    this.#acting += 1;
    try {
      return await work();
    } finally {
      this.#end();
    }
  }

  #end(): void {
    this.#acting -= 1;
    this.#ends.emit("end");
  }

  /** Within an act: waits until no other is under way, and none begins before this has ended. */
  async alone(work: () => Promise<void>): Promise<void> {
    this.#end();
    while (this.#single) await this.#single;
    this.#single = this.#quiet()
      .then(work)
      .finally(() => {
        this.#acting += 1;
        this.#single = undefined;
      });
    await this.#single;
  }

  /** Within an act: time passes while no other has a request on its way, since none takes for days. */
  pass(ms: number): Promise<void> {
    return this.alone(async () => this.standIn.books.advance(ms));
  }

  async #quiet(): Promise<void> {
    while (this.#acting > 0) await once(this.#ends, "end");
  }

  /** What the provider has told since the town was founded. */
  get events() {
    return this.standIn.books.events.slice(this.#toldBefore);
  }

  get intents() {
    const all = this.standIn.books.all("payment_intent");
    return all.slice(0, all.length - this.#madeBefore);
  }

  count(fault: string): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  }

  /** The house itself, now and then as a process that will die. */
  system(mayDie = false): AccountContext {
    const ctx = systemAt(this.db, this.now);
    if (!mayDie || this.isCalm || !this.chance.is(0.15)) return ctx;
    this.count("process died");
    return { ...ctx, db: dyingDb(this.db, this.chance) } as AccountContext;
  }

  within(ctx: AccountContext, organizationId: Id<"organization">) {
    return inOrganization(ctx, organizationId);
  }

  /** One of the people. */
  person(): Context {
    const ctx = this.chance.one(this.customers);
    if (!ctx) throw new Error("The town is empty.");
    return { ...ctx, now: this.now } as Context;
  }

  /** A person enters a number on the provider's page and comes back, or does not. */
  async addMethod(ctx: Context): Promise<void> {
    const ref = new URL(await beginSetup(ctx, { returnTo: "/billing" })).pathname.split("/").at(-1) ?? "";
    const number = this.chance.one(numbers) ?? "";
    this.standIn.enter(ref, { number, expYear: 2099 });
    const [page] = await this.sql<{ id: Id<"hostedPage"> }[]>`select id from hosted_pages where ref = ${ref}`;
    if (page && this.chance.is(0.8)) await completePage({ ...ctx, now: this.now } as Context, page.id);
  }
}
