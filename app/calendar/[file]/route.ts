import { visitorContext } from "#app/doors/visitor.ts";
import { AppError } from "#lib/core/errors.ts";
import { readCalendar } from "#lib/domain/calendars/commands.ts";

/** What a calendar program reads: no cookie, and the address says whose it is. It is kept by no cache on the way. */
export async function GET(_request: Request, { params }: { params: Promise<{ file: string }> }): Promise<Response> {
  const { file } = await params;
  try {
    const token = file.endsWith(".ics") ? file.slice(0, -".ics".length) : "";
    return new Response(await readCalendar(await visitorContext(), token), {
      headers: {
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": 'inline; filename="deadlines.ics"',
        "cache-control": "private, no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
      },
    });
  } catch (error) {
    if (error instanceof AppError && error.problem === "not_found")
      return new Response(`${error.message}\n`, { status: 404, headers: { "cache-control": "no-store" } });
    throw error;
  }
}
