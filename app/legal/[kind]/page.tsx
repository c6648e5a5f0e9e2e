import { DocumentPage } from "#app/legal/document-page.tsx";

export default async function CurrentDocumentPage({ params }: { params: Promise<{ kind: string }> }) {
  return <DocumentPage address={await params} />;
}
