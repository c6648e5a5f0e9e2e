import type { Metadata } from "next";
import { found } from "#app/doors/found.ts";
import { accountContext } from "#app/doors/session.ts";
import { EndTimeline } from "#components/models/end-timeline.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { publicModel } from "#lib/domain/lifecycle/queries.ts";

type Props = { params: Promise<{ model: string[] }> };

const idOf = async ({ params }: Props): Promise<string> => (await params).model.map(decodeURIComponent).join("/");

export const generateMetadata = async (props: Props): Promise<Metadata> => ({ title: await idOf(props) });

/** What anyone can know of a model and of its end: headers of the API lead here. */
export default async function ModelPage(props: Props) {
  const model = await found(publicModel(await accountContext(), await idOf(props)));
  return (
    <Page>
      <PageHeader title={model.id} description={model.description || model.name} />
      {model.end ? (
        <EndTimeline end={model.end} />
      ) : (
        <Notice tone="good">
          This model is offered to everyone. Customers are told six months before a model ends.
        </Notice>
      )}
    </Page>
  );
}
