import { Clock3 } from "lucide-react";
import type { Metadata } from "next";
import { NoDesk } from "#app/(staff)/staff/no-desk.tsx";
import { deskContext } from "#app/doors/session.ts";
import { FailedJobList } from "#components/jobs/failed-job-list.tsx";
import { JobList } from "#components/jobs/job-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { can } from "#lib/core/access/authorize.ts";
import { deskJobs, failedJobs } from "#lib/domain/jobs/queries.ts";
import { retry } from "./actions.ts";

export const metadata: Metadata = { title: "Jobs" };

export default async function JobsDesk() {
  const ctx = await deskContext("/staff/jobs");
  if (!can(ctx.actor, "jobs.decide")) return <NoDesk />;
  const [jobs, failed] = await Promise.all([deskJobs(ctx), failedJobs(ctx)]);
  return (
    <Page width="table">
      <PageHeader
        title="Jobs"
        description="What runs in the background. Clocks of the contract run here, so what is late comes first."
      />
      {failed.length === 0 ? null : (
        <Card
          flush
          title="Failed for good"
          description="Tried as often as they may be. The log has more under the same words."
        >
          <FailedJobList jobs={failed} retry={retry} now={ctx.now} />
        </Card>
      )}
      {jobs.length === 0 ? (
        <EmptyState icon={Clock3} title="No scheduled jobs yet">
          They appear when a worker starts for the first time.
        </EmptyState>
      ) : (
        <JobList jobs={jobs} now={ctx.now} />
      )}
    </Page>
  );
}
