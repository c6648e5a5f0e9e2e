import path from "node:path";
import postgres from "postgres";
import { startPostgres } from "#db/embedded.ts";

const dataFolder = process.env.E2E_DATA_DIR ?? ".data/e2e";

/** Moves the last proof of who a person is into the past, in every browser of theirs: waiting for it takes ten minutes. */
export async function ageProofs(email: string, minutes = 11, folder = dataFolder): Promise<void> {
  await within(
    folder,
    (sql) => sql`update sessions set proven_at = proven_at - make_interval(mins => ${minutes})
      from users where users.id = user_id and lower(email) = ${email.toLowerCase()}`,
  );
}

/** Makes it recent again: the person who the setup signed in may be asked for long after. */
export async function renewProofs(email: string): Promise<void> {
  await within(
    dataFolder,
    (sql) => sql`update sessions set proven_at = now()
      from users where users.id = user_id and lower(email) = ${email.toLowerCase()}`,
  );
}

/** Puts the organization of a workspace on the paid plan, as upgrading does: tests of other things need it. */
export async function payFor(workspaceId: string): Promise<void> {
  await within(
    dataFolder,
    (sql) => sql`update organizations set plan = 'paid'
      where id = (select organization_id from workspaces where id = ${workspaceId})`,
  );
}

/** The organization that a workspace is part of. */
export async function organizationOf(workspaceId: string): Promise<string> {
  const rows = await within(dataFolder, (sql) => sql`select organization_id from workspaces where id = ${workspaceId}`);
  return String(rows[0]?.organization_id);
}

/** Puts an organization, or that of a workspace, under zero retention, as the desk that decides about it will. */
export async function forgetEverything(place: string): Promise<void> {
  await within(
    dataFolder,
    (
      sql,
    ) => sql`update organizations set zero_retention_since = now(), plan = case plan when 'free' then 'paid' else plan end
      where id = ${place} or id = (select organization_id from workspaces where id = ${place})`,
  );
}

/** The same, for the person who works in one of its workspaces. */
export async function forgetEverythingOf(workspaceId: string): Promise<void> {
  await within(
    dataFolder,
    (
      sql,
    ) => sql`update organizations set zero_retention_since = now(), plan = case plan when 'free' then 'paid' else plan end
      where id = (select organization_id from workspaces where id = ${workspaceId})`,
  );
}

/** Ends the contract of a workspace's organization, as a termination does; `isLeft`: no admin stays. */
export async function endContract(workspaceId: string, { isLeft = false } = {}): Promise<void> {
  await within(
    dataFolder,
    (sql) => sql`with ended as (update organizations set status = 'terminated'
        where id = (select organization_id from workspaces where id = ${workspaceId}) returning id)
      update members set roles = '{member}' from ended where organization_id = ended.id and ${isLeft}`,
  );
}

/** Has the worker do a job now that it does by itself every few minutes. */
export async function runJob(name: string): Promise<void> {
  await within(dataFolder, (sql) => sql`select enqueue_job(${name}, '{}'::json, null, 1, null, null)`);
}

/** Gives a workspace many keys at once, the newest first by number; making each in the browser takes minutes. */
export async function addKeys(workspaceId: string, count: number, folder = dataFolder): Promise<void> {
  await within(
    folder,
    (
      sql,
    ) => sql`insert into keys (organization_id, id, workspace_id, owner_id, purpose, name, hash, first4, last4, scopes, created_at)
      select organization_id, 'key_' || lpad(n::text, 26, '0'), id, (select created_by from organizations where id = organization_id),
        'api', 'batch-' || lpad(n::text, 4, '0'), 'seeded-' || id || n, 'seed', lpad(n::text, 4, '0'), array['models:read'],
        now() - n * interval '1 minute'
      from workspaces, generate_series(1, ${count}) as n where id = ${workspaceId}`,
  );
}

/** Gives its organization many members, who cannot sign in. */
export async function addMembers(workspaceId: string, count: number, folder = dataFolder): Promise<void> {
  await within(
    folder,
    (sql) => sql`with people as (
        insert into users (id, email, name, created_at)
        select 'usr_' || substr(md5(${workspaceId} || n), 1, 26), 'crowd-' || n || '-' || lower(${workspaceId}) || '@example.com',
          'Crowd ' || lpad(n::text, 4, '0'), now() from generate_series(1, ${count}) as n returning id
      ) insert into members (organization_id, user_id, roles, created_at)
        select organization_id, people.id, array['member'], now() from people, workspaces where workspaces.id = ${workspaceId}`,
  );
}

/** Connections of this worker, by the folder of their database. */
const connections = new Map<string, Promise<postgres.Sql>>();

async function connect(folder: string): Promise<postgres.Sql> {
  const { url } = await startPostgres(path.resolve(folder, "postgres"));
  // Let go of when idle, so that a test whose server has stopped does not wait for it.
  return postgres(url, { max: 1, idle_timeout: 1 });
}

async function within<T>(folder: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const connection = connections.get(folder) ?? connect(folder);
  connections.set(folder, connection);
  return work(await connection);
}
