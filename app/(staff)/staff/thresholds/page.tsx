import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { ChangeList } from "#components/audit/change-list.tsx";
import { FromField } from "#components/prices/price-fields.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormText } from "#components/ui/form-fields.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { Cell, HeadCell, Row, Table } from "#components/ui/table.tsx";
import { Time } from "#components/ui/time.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { providerChanges } from "#lib/domain/audit/provider/queries.ts";
import { valueWords } from "#lib/domain/contract/keys/rules.ts";
import { versionsOfThresholds } from "#lib/domain/thresholds/queries.ts";
import { publish } from "./actions.ts";

export const metadata: Metadata = { title: "Consumption thresholds" };

export default async function ThresholdsDesk() {
  const ctx = await deskContext("/staff/thresholds");
  if (!can(ctx.actor, "thresholds.decide")) return <NoDesk />;
  const [versions, changes] = await Promise.all([versionsOfThresholds(ctx), providerChanges(ctx, "thresholds")]);
  return (
    <Page>
      <PageHeader
        title="Consumption thresholds"
        description="What customers without an order of their own pay advances at (T-5.2-ADV1). Which version holds is decided when a threshold is crossed."
        action={
          <FormDialog
            creates
            trigger="New version"
            title="Publish thresholds"
            submit="Publish thresholds"
            action={publish}
          >
            <FormText label="Amounts" name="amounts" help="In euros: 50; 200; 500; then every 1000.00. Or: none." />
            <FromField help="Empty: at once." />
          </FormDialog>
        }
      />
      <Table caption="Versions of the thresholds" columns={columns}>
        {versions.map(({ version, thresholds, effectiveFrom, createdAt }) => (
          <Row key={version}>
            <HeadCell>{version}</HeadCell>
            <Cell label="Thresholds" wrap>
              {valueWords("thresholds", thresholds)}
            </Cell>
            <Cell label="From">
              <Time at={effectiveFrom} form="instant" />
            </Cell>
            <Cell label="Published">
              <Time at={createdAt} form="instant" />
            </Cell>
          </Row>
        ))}
      </Table>
      <ChangeList rows={changes} nameOf={(version) => `Version ${version}`} />
    </Page>
  );
}

const columns = [
  { key: "version", label: "Version" },
  { key: "amounts", label: "Thresholds" },
  { key: "from", label: "From" },
  { key: "published", label: "Published" },
] as const;
