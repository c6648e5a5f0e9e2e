import { restrict } from "#app/(console)/[workspace]/organization/integrations/actions.ts";
import { page } from "#app/doors/workspace-page.tsx";
import { ruleWords } from "#components/integrations/connection-states.ts";
import { RuleForm } from "#components/integrations/rule-form.tsx";
import { Card } from "#components/ui/card.tsx";
import { DefinitionList } from "#components/ui/definition-list.tsx";
import { rulesPage } from "#lib/domain/connections/directory/queries.ts";

const options = Object.entries(ruleWords).map(([value, { word: label }]) => ({ value, label }));

const connectorRulesPage = page({
  can: "integrations.restrict",
  title: "Who can connect",
  width: "form",
  load: (ctx, { params }) => rulesPage(ctx, params.connector ?? ""),
  name: ({ name }) => `Who can connect ${name}`,
  head: () => ({ description: "The stricter of the two applies: the one for all workspaces, or a workspace's own." }),
  view: ({ id, all, workspaces }) => (
    <>
      <Card>
        <DefinitionList rows={Object.values(ruleWords).map(({ word, help }) => ({ term: word, value: help }))} />
      </Card>
      <Card title="Rules">
        <div className="flex flex-col gap-4">
          <RuleForm
            place="All workspaces"
            options={options}
            rule={all}
            hidden={{ connector: id, workspace: "" }}
            act={restrict}
          />
          {workspaces.map((workspace) => (
            <RuleForm
              key={workspace.id}
              place={workspace.name}
              options={options}
              rule={workspace.rule}
              hidden={{ connector: id, workspace: workspace.id }}
              act={restrict}
            />
          ))}
        </div>
      </Card>
    </>
  ),
});

export const { generateMetadata } = connectorRulesPage;
export default connectorRulesPage.default;
