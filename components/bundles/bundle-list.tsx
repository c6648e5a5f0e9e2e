import { Badge } from "#components/ui/badge.tsx";
import { LinkButton } from "#components/ui/link-button.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { sizeWords } from "#lib/core/sent-files.ts";
import type { Bundle } from "#lib/domain/bundles/view.ts";

/** Archives of the organization's data, and what became of each. */
export const BundleList = ({ bundles }: { bundles: readonly Bundle[] }) => (
  <Table
    caption="Archives"
    columns={[
      { key: "asked", label: "Asked for (UTC)" },
      { key: "by", label: "By" },
      { key: "state", label: "State" },
      { key: "size", label: "Size", align: "right" },
      { key: "downloads", label: "Downloads", align: "right" },
      { key: "take", label: "Download", quiet: true },
    ]}
  >
    {bundles.map((one) => (
      <Row key={one.id}>
        <HeadCell>
          <Time at={one.requestedAt} form="instant" />
        </HeadCell>
        <Cell label="By">{one.requestedByName}</Cell>
        <Cell label="State">
          <State bundle={one} />
        </Cell>
        <Cell label="Size" align="right">
          {one.bytes === null ? "–" : sizeWords(one.bytes)}
        </Cell>
        <Cell label="Downloads" align="right">
          {one.downloads}
        </Cell>
        <Cell label="Download" align="right">
          {one.href ? (
            <LinkButton href={one.href} download>
              Download
            </LinkButton>
          ) : null}
        </Cell>
      </Row>
    ))}
  </Table>
);

function State({ bundle: { state, expiresAt, files } }: { bundle: Bundle }) {
  if (state === "queued") return <Badge tone="info">Being made</Badge>;
  if (state === "failed") return <Badge tone="bad">Failed</Badge>;
  if (state === "expired" || expiresAt === null) return <Badge>Deleted</Badge>;
  return (
    <>
      {files} files, until <Time at={expiresAt} form="instant" />
    </>
  );
}
