import { storedFile } from "#app/(console)/stored-file.ts";
import { answerFile } from "#app/(console)/stream-file.ts";
import { staffContext } from "#app/doors/session.ts";
import { asId } from "#app/doors/workspace-page.tsx";
import { mediaTypeOf } from "#lib/core/sent-files.ts";
import { disputeFileForStaff } from "#lib/domain/billing/disputes/files/queries.ts";

type Props = { params: Promise<{ organization: string; dispute: string; file: string }> };

/** A file of a customer's dispute, under a look. */
export const GET = (_request: Request, { params }: Props): Promise<Response> =>
  answerFile(async () => {
    const { organization, dispute, file } = await params;
    const { key, name, kind } = await disputeFileForStaff(
      await staffContext(),
      asId("organization", organization),
      asId("dispute", dispute),
      asId("disputeFile", file),
    );
    return storedFile({ key, name, type: mediaTypeOf(kind) });
  });
