import { searchDocumentation } from "#app/docs/search/find.ts";

const most = 6;

/** The first that a search finds, for Ctrl K. */
export async function GET(request: Request): Promise<Response> {
  const hits = await searchDocumentation(new URL(request.url).searchParams.get("q") ?? "");
  return Response.json(hits.slice(0, most).map(({ href, title, heading }) => ({ href, title, heading })));
}
