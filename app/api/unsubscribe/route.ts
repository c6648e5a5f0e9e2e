import { accountContext } from "#app/doors/session.ts";
import { AppError, httpStatus } from "#lib/core/errors.ts";
import { unsubscribeInput } from "#lib/domain/notices/inbox/input.ts";
import { endLetters } from "#lib/domain/status/subscriptions/commands.ts";

const codeIn = (request: Request): string | undefined => new URL(request.url).searchParams.get("code") ?? undefined;

/** What a mail program sends when its user clicks once (RFC 8058): no cookie, no page, and the code says who it is. */
export async function POST(request: Request): Promise<Response> {
  const input = unsubscribeInput.safeParse({ code: codeIn(request) });
  try {
    if (!input.success) throw new AppError("invalid", "The address of this letter's end is not whole.");
    await endLetters(await accountContext(), input.data.code);
    return new Response("You get no more e-mails of this kind.\n");
  } catch (error) {
    if (error instanceof AppError) return new Response(`${error.message}\n`, { status: httpStatus[error.problem] });
    throw error;
  }
}

/** Followed as a link: a page with a button, because scanners follow links too. */
export function GET(request: Request): Response {
  const query = new URLSearchParams({ code: codeIn(request) ?? "" });
  return new Response(null, { status: 303, headers: { location: `/unsubscribe?${query}` } });
}
