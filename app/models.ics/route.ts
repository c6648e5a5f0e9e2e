import { visitorContext } from "#app/doors/visitor.ts";
import { endsCalendar } from "#lib/domain/lifecycle/queries.ts";

/** When models end, for calendars of anyone. */
export async function GET(): Promise<Response> {
  return new Response(await endsCalendar(await visitorContext()), {
    headers: { "content-type": "text/calendar; charset=utf-8", "cache-control": "public, max-age=300" },
  });
}
