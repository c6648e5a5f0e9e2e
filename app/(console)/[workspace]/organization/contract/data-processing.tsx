import { Card } from "#components/ui/card.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormHidden } from "#components/ui/form-fields.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { DataProcessing } from "#lib/domain/terms/view.ts";
import { sign } from "./actions.ts";

type Props = { found: DataProcessing | null; reason: string | null };

/** How personal data is processed for a business: signed by whom, or to be signed. Consumers do not see it. */
export function DataProcessingCard({ found, reason }: Props) {
  if (!found) return null;
  const { document, signed } = found;
  const isSigned = signed !== null && signed.version >= document.version;
  return (
    <Card
      id="data-processing"
      title="Data processing agreement"
      description="How personal data in what you send is processed for you (T-2-PREC)."
      footer={isSigned ? null : reason ? <Denied label="Sign" reason={reason} /> : <Sign document={document} />}
    >
      <p className="text-ui">
        <TextLink href={`/legal/data-processing/${document.version}`}>
          {document.title}, version {document.version}
        </TextLink>
      </p>
      <p className="text-ui text-text-soft">
        {signed ? (
          <>
            Version {signed.version} was signed by {signed.name} on <Time at={signed.at} form="instant" />.
          </>
        ) : (
          "It holds as a part of the agreement. Sign it where your own rules ask for a signature."
        )}
      </p>
    </Card>
  );
}

const Sign = ({ document: { id, sha256, title, version } }: Pick<DataProcessing, "document">) => (
  <ConfirmDialog
    trigger="Sign"
    title="Sign the data processing agreement"
    confirm="Sign agreement"
    tone="normal"
    action={sign}
  >
    <FormHidden values={{ documentId: id, sha256 }} />
    <p className="text-ui text-text-soft">
      You sign {title}, version {version}, for your organization. The time, your address and the document’s hash are
      kept.
    </p>
  </ConfirmDialog>
);
