import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";

/** For staff whose roles open nothing here. */
export function NoDesk() {
  return (
    <Page>
      <PageHeader title="No desk for your roles" description="An admin of the installation can give you others." />
    </Page>
  );
}
