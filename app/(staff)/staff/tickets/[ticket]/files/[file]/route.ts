import { keptFile } from "#app/(console)/stored-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { staffContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { ticketFileForStaff } from "#lib/domain/help/files/queries.ts";

type Props = { params: Promise<{ ticket: string; file: string }> };

/** A file of a ticket, for staff. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { ticket, file } = await params;
    return keptFile(await ticketFileForStaff(await staffContext(), asId("ticket", ticket), asId("ticketFile", file)));
  });
