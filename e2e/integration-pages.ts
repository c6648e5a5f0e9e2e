import { type Role, workspaceOf } from "./accounts.ts";
import { ask, linkIn } from "./forms.ts";
import { ofWorkspace, type Sight } from "./sight.ts";

/** The demo's chat, which needs to be connected again. */
const connectionOf =
  (role: Role, rest = ""): Sight["at"] =>
  async (page) =>
    linkIn(await ask(page, `${workspaceOf(role)}/organization/integrations`), /\/integrations\/con_\w+$/) + rest;

const route = "/[workspace]/organization/integrations";
const connectors = ["wandb", "slack", "s3-usage", "otlp", "langfuse"];

/** The directory of services, what connects one, its page and who can connect it. */
export const integrationSights: readonly Sight[] = [
  ofWorkspace("owner", "organization/integrations"),
  ofWorkspace("free", "organization/integrations", "nothing connected"),
  ofWorkspace("dev", "organization/integrations", "for a developer"),
  ofWorkspace("member", "organization/integrations", "refused"),
  ...connectors.map((id) => ({
    ...ofWorkspace(
      "owner",
      "organization/integrations/connect/[connector]",
      id,
      `organization/integrations/connect/${id}`,
    ),
  })),
  {
    route: `${route}/rules/[connector]`,
    role: "owner",
    at: () => `${workspaceOf("owner")}/organization/integrations/rules/slack`,
  },
  { route: `${route}/[connection]`, role: "owner", at: connectionOf("owner") },
  { route: `${route}/[connection]`, state: "for a developer", role: "dev", at: connectionOf("dev") },
  { route: `${route}/[connection]/change`, role: "owner", at: connectionOf("owner", "/change") },
];
