/** Next calls it once when the process of the pages starts. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs" || !process.env.DATABASE_URL) return;
  const { DatabaseWatch } = await import("#db/watch.ts");
  new DatabaseWatch(process.env.DATABASE_URL);
}
