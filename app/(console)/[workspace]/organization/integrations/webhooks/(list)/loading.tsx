import { Page } from "#components/ui/page.tsx";
import { PageHeaderSkeleton, TableSkeleton } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <div className="appear-late" aria-busy="true">
      <Page>
        <PageHeaderSkeleton />
        <TableSkeleton rows={4} />
      </Page>
    </div>
  );
}
