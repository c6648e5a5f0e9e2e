import { denial } from "#app/doors/refused.tsx";
import { Card } from "#components/ui/card.tsx";
import { Code } from "#components/ui/code-block.tsx";
import { Denied } from "#components/ui/denied.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { FormTextarea } from "#components/ui/form-fields.tsx";
import type { Context } from "#lib/core/context.ts";
import { type WebPages, webPages } from "#lib/domain/organizations/web-origins/queries.ts";
import { mostOrigins } from "#lib/domain/organizations/web-origins/rules.ts";
import { saveOrigins } from "./actions.ts";

/** Where the organization's keys for web pages work. */
export async function WebPagesCard({ ctx }: { ctx: Context }) {
  const [pages, reason] = await Promise.all([webPages(ctx), denial(ctx, "organization.write")]);
  return (
    <Card
      id="web-pages"
      title="Web pages"
      description="Origins whose pages can call the API from a browser, with a key for web pages."
      footer={reason ? <Denied label="Change origins" reason={reason} /> : <ChangeOrigins pages={pages} />}
    >
      {pages.origins.length === 0 ? (
        <p className="text-ui text-text-faint">No origin yet.</p>
      ) : (
        <ul className="space-y-1.5 break-all">
          {pages.origins.map((origin) => (
            <li key={origin}>
              <Code>{origin}</Code>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

const ChangeOrigins = ({ pages: { origins, keys } }: { pages: WebPages }) => (
  <FormDialog trigger="Change origins" title="Origins of web pages" submit="Save origins" action={saveOrigins}>
    <p className="text-ui text-text-soft">{consequence(keys)}</p>
    <FormTextarea
      label="Origins"
      name="origins"
      mono
      rows={5}
      spellCheck={false}
      autoCapitalize="none"
      defaultValue={origins.join("\n")}
      placeholder="https://app.example.com"
      help={`One a line, at most ${mostOrigins}. Leave empty to refuse every page.`}
    />
  </FormDialog>
);

function consequence(keys: number): string {
  if (keys === 0) return "There is no key for web pages yet. Create one under API keys once an origin is saved.";
  const which = keys === 1 ? "One key for web pages works" : `${keys} keys for web pages work`;
  return `${which} on these origins only. Pages of an origin you remove are refused at once; without any origin, all are.`;
}
