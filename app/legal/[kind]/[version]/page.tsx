import { DocumentPage } from "#app/legal/document-page.tsx";

export default async function DocumentVersionPage({ params }: { params: Promise<{ kind: string; version: string }> }) {
  return <DocumentPage address={await params} />;
}
