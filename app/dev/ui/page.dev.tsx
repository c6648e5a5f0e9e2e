import type { Metadata } from "next";
import { Page } from "#components/ui/page.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { buttons } from "./buttons.tsx";
import { Bulk, Dialogs } from "./dialogs.tsx";
import { facts } from "./facts.tsx";
import { ButtonForms, Choices, Refused, TextFields } from "./fields.tsx";
import { FrameTokens } from "./frame-tokens.tsx";
import { lists } from "./lists.tsx";
import { type Specimen, Specimens } from "./specimens.tsx";

export const metadata: Metadata = { title: "UI" };

const fields: readonly Specimen[] = [
  { of: "Text fields", show: <TextFields /> },
  { of: "Choices", show: <Choices /> },
  { of: "Refused and offline", show: <Refused /> },
  { of: "Forms of one button", show: <ButtonForms /> },
  { of: "Dialogs", show: <Dialogs /> },
  { of: "Bulk bar", show: <Bulk /> },
];

/** Every primitive in all its states, in both themes. Only `npm run dev` has this page. */
export default function UiPage() {
  return (
    <Page width="table">
      <FrameTokens />
      <PageHeader title="UI" description="Every primitive of components/ui in all its states, light and dark." />
      <Specimens title="Buttons and links" specimens={buttons} />
      <Specimens title="Facts and states" specimens={facts} />
      <Specimens title="Forms and dialogs" specimens={fields} />
      <Specimens title="Lists" specimens={lists} />
    </Page>
  );
}
