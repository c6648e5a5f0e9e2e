import path from "node:path";
import postgres from "postgres";
import { startPostgres } from "#db/embedded.ts";

const dataFolder = process.env.E2E_DATA_DIR ?? ".data/e2e";

/** Moves the last proof of who somebody is into the past, in every browser of theirs: waiting for it takes ten minutes. */
export async function ageProofs(email: string, minutes = 11, folder = dataFolder): Promise<void> {
  const { url } = await startPostgres(path.resolve(folder, "postgres"));
  const sql = postgres(url, { max: 1 });
  await sql`update sessions set proven_at = proven_at - make_interval(mins => ${minutes})
    from users where users.id = user_id and lower(email) = ${email.toLowerCase()}`;
  await sql.end();
}
