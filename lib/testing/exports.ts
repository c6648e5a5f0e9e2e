import type { Db, Sql } from "#db/client.ts";
import { type Id, newId } from "#db/id.ts";
import type { ExportConnector } from "#db/schema/exports.ts";
import { type UsageRow, usageRows } from "#db/usage-rows.ts";
import { addMinutes, now } from "#lib/core/clock.ts";
import { connectors } from "#lib/core/connectors.ts";
import type { Context, OrganizationContext } from "#lib/core/context.ts";
import { env } from "#lib/core/env.ts";
import { connectService } from "#lib/domain/connections/connecting/commands.ts";
import { connectInput } from "#lib/domain/connections/input.ts";
import { bindHours } from "#lib/domain/exports/binding/commands.ts";
import { releaseExports, sendNextParcel } from "#lib/domain/exports/delivery/commands.ts";
import { asSystem } from "./billing.ts";
import { CustomerBucket } from "./customer-bucket.ts";
import { testUsageRow } from "./metering.ts";
import { attributesOf, OtlpServer } from "./otlp-server.ts";
import { testWorkspace } from "./workspace.ts";

type ConnectionId = Id<"connection">;

/** For tests: a customer whose usage leaves, and the receivers it leaves for. */
export class Exports {
  readonly collector = new OtlpServer();
  readonly bucket = new CustomerBucket();
  readonly #db: Db;
  readonly #sql: Sql;
  #ctx: Context | undefined;
  key = newId("key", now());

  constructor(db: Db, sql: Sql) {
    this.#db = db;
    this.#sql = sql;
  }

  async start(): Promise<void> {
    await this.collector.start();
    await this.bucket.start();
    await this.#sql`select ensure_usage_partition(${now()})`;
  }

  async close(): Promise<void> {
    await this.collector.close();
    await this.bucket.close();
  }

  /** Another customer, with nothing connected. */
  async begin(): Promise<void> {
    Object.assign(env(), { DEMO: "on", OUTGOING_ALLOWED_RANGES: "127.0.0.1/32" });
    this.forget();
    await this.#sql`delete from connections`;
    await this.#sql`delete from usage_exports`;
    this.#ctx = await testWorkspace(this.#db);
  }

  forget(): void {
    this.collector.reset();
    this.bucket.reset();
  }

  get ctx(): Context {
    if (!this.#ctx) throw new Error("There is no customer yet.");
    return this.#ctx;
  }

  /** The house, so many minutes later. */
  house(minutes = 0): OrganizationContext {
    return asSystem(this.ctx, this.#db, addMinutes(this.ctx.now, minutes));
  }

  async connect(connector: ExportConnector, fields: object): Promise<ConnectionId> {
    const acknowledged = connectors[connector].disclaimer.version;
    const form = { connector, name: "Ours", scope: "organization", acknowledged, ...fields };
    const id = await connectService(this.ctx, connectInput.parse(form));
    this.forget();
    return id;
  }

  connectOtlp(signals = "both"): Promise<ConnectionId> {
    const key = { header: "x-key", headerValue: "Bearer very-secret-token" };
    return this.connect("otlp", { endpoint: this.collector.url, signals, ...key });
  }

  connectBucket(): Promise<ConnectionId> {
    return this.connect("s3-usage", this.bucket.form);
  }

  event(given: Partial<UsageRow> = {}, cost = 2n): UsageRow {
    return { ...testUsageRow(this.ctx, this.key, { cost, waived: 0n }), ...given };
  }

  /** Events that are committed, each in a transaction of its own. */
  async use(count = 1, given: Partial<UsageRow> = {}): Promise<UsageRow[]> {
    const rows = Array.from({ length: count }, (_, n) => this.event(given, BigInt(n + 3)));
    for (const row of rows) await this.#sql`select meter(${usageRows([row])})`;
    return rows;
  }

  /** Sends all that waits, as the job does. */
  async work(id: ConnectionId, minutes = 0, worker = "one"): Promise<void> {
    const at = this.house(minutes);
    while (await sendNextParcel(at, id, worker));
    await releaseExports(at, id, worker);
  }

  /** Binds what was committed before the hour of this many minutes later, and writes it. */
  async write(id: ConnectionId, minutes: number): Promise<void> {
    await bindHours(this.house(minutes), id);
    await this.work(id, minutes);
  }

  async state(id: ConnectionId) {
    return (await this.#sql`select state, last_error from connections where id = ${id}`)[0];
  }

  /** How much waits for a connection: rows of the queue, and what is bound already. */
  async waiting(id: ConnectionId): Promise<[unknown, unknown]> {
    const [row] = await this
      .#sql`select (select count(*)::int from usage_exports where connection_id = ${id}) as queued,
      (select count(*)::int from export_parcels where connection_id = ${id} and sent_at is null and dropped_at is null) as bound`;
    return [row?.queued, row?.bound];
  }

  get spanIds(): unknown[] {
    return this.collector.spans.map((span) => attributesOf(span)["comptoir.request_id"]);
  }

  get files(): string[] {
    return this.bucket.names.filter((name) => name.endsWith(".jsonl.gz"));
  }
}
