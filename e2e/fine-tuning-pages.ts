import type { Page } from "@playwright/test";
import { workspaceOf } from "./accounts.ts";
import { firstOf, ofWorkspace, type Sight } from "./sight.ts";

const owners = (section: string): Sight["at"] => firstOf(() => `${workspaceOf("owner")}/${section}`);

/** The demo's file with mistakes, its finished job, and the model which that made. */
const fileOf = owners("files?q=shop-answers");
const jobOf = owners("fine-tuning?state=succeeded");
const modelOf = owners("models/tuned?q=help");

const part =
  (at: Sight["at"], rest: string): Sight["at"] =>
  async (page) =>
    `${await at(page)}${rest}`;

const chosen =
  (list: string, rest = ""): Sight["at"] =>
  async (page: Page) => {
    const file = (await owners(list)(page)).split("/").at(-1);
    return `${workspaceOf("owner")}/fine-tuning/new?model=tiny-chat-1&file=${file}${rest}`;
  };

const wizard = (state: string, at: Sight["at"]): Sight => ({
  route: "/[workspace]/fine-tuning/new",
  state,
  role: "owner",
  at,
});

/** Files, trainings and what came of them. */
export const fineTuningSights: readonly Sight[] = [
  ofWorkspace("owner", "files"),
  ofWorkspace("owner", "files", "nothing found", "files?q=no-such-file"),
  ofWorkspace("free", "files", "empty"),
  ofWorkspace("member", "files", "refused"),
  { route: "/[workspace]/files/[file]", role: "owner", at: fileOf },
  { route: "/[workspace]/files/[file]/problems", role: "owner", at: part(fileOf, "/problems") },
  {
    route: "/[workspace]/files/[file]/problems",
    state: "none",
    role: "owner",
    at: part(owners("files?q=help-desk"), "/problems"),
  },
  { route: "/[workspace]/files/[file]/statistics", role: "owner", at: part(fileOf, "/statistics") },
  { route: "/[workspace]/files/[file]/use", role: "owner", at: part(fileOf, "/use") },
  ofWorkspace("owner", "fine-tuning"),
  ofWorkspace("owner", "fine-tuning", "nothing found", "fine-tuning?q=no-such-job"),
  ofWorkspace("free", "fine-tuning", "empty"),
  ofWorkspace("member", "fine-tuning", "refused"),
  ofWorkspace("owner", "fine-tuning/new"),
  wizard("with choices", chosen("files?q=help-desk")),
  wizard("with wrong lines", chosen("files?q=shop-answers")),
  wizard("with wrong parameters", chosen("files?q=help-desk", "&steps=many&rate=7")),
  { route: "/[workspace]/fine-tuning/[job]", state: "finished", role: "owner", at: jobOf },
  {
    route: "/[workspace]/fine-tuning/[job]",
    state: "refused",
    role: "owner",
    at: owners("fine-tuning?state=failed"),
  },
  {
    route: "/[workspace]/fine-tuning/[job]",
    state: "waiting",
    role: "owner",
    at: owners("fine-tuning?state=waiting"),
  },
  ofWorkspace("owner", "models/tuned"),
  ofWorkspace("owner", "models/tuned", "nothing found", "models/tuned?q=no-such-model"),
  ofWorkspace("free", "models/tuned", "empty"),
  { route: "/[workspace]/models/tuned/[job]", role: "owner", at: modelOf },
  { route: "/[workspace]/models/tuned/[job]/review", role: "owner", at: part(modelOf, "/review") },
  {
    route: "/[workspace]/models/tuned/[job]/review",
    state: "of another step",
    role: "owner",
    at: part(modelOf, "/review?step=95"),
  },
  {
    route: "/[workspace]/models/tuned/[job]/review",
    state: "refused",
    role: "member",
    at: part(
      firstOf(() => `${workspaceOf("member")}/models/tuned`),
      "/review",
    ),
  },
  { route: "/[workspace]/models/tuned/[job]/sharing", role: "owner", at: part(modelOf, "/sharing") },
  {
    route: "/[workspace]/models/tuned/[job]/sharing",
    state: "reading only",
    role: "member",
    at: part(
      firstOf(() => `${workspaceOf("member")}/models/tuned`),
      "/sharing",
    ),
  },
  { route: "/staff/transfers", role: "support", at: () => "/staff/transfers" },
  { route: "/staff/transfers", state: "without that desk", role: "ledger", at: () => "/staff/transfers" },
];
