import { Page } from "#components/ui/page.tsx";
import { PageHeaderSkeleton, Skeleton } from "#components/ui/skeleton.tsx";

export default function Loading() {
  return (
    <div className="appear-late" aria-busy="true">
      <Page>
        <PageHeaderSkeleton />
        <Skeleton shape="chart" />
        <Skeleton shape="chart" />
      </Page>
    </div>
  );
}
