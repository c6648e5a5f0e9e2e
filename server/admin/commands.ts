import { z } from "zod";
import { permissionsOf, rolePermissions } from "#lib/core/access/roles.ts";
import { type StaffRole, staffPermissions } from "#lib/core/access/staff-roles.ts";
import { inOrganization, inWorkspace } from "#lib/core/context.ts";
import { typedEmail } from "#lib/core/email.ts";
import { configurationTable } from "#lib/core/env.ts";
import { verify } from "#lib/domain/invariants/queries.ts";
import { changedSecrets } from "#lib/domain/invariants/secrets/queries.ts";
import { createKey, revokeKey } from "#lib/domain/keys/commands.ts";
import { createKeyInput, keyId } from "#lib/domain/keys/input.ts";
import { keyPlace } from "#lib/domain/keys/queries.ts";
import { defaultScopes } from "#lib/domain/keys/rules.ts";
import { provisionOrganization, workspaceById } from "#lib/domain/sign-up/provisioning/commands.ts";
import { addStaff } from "#lib/domain/staff/commands.ts";
import { runJob } from "#server/jobs/commands.ts";
import { queuedJobs } from "#server/jobs/queries.ts";
import { parametersPage } from "#server/v1/parameters.ts";
import { auditCommands } from "./audit.ts";
import { type Command, idOf, optional, parse, required } from "./command.ts";
import { contractCommands } from "./contract.ts";
import { deadlineCommands } from "./deadlines.ts";
import { exportCommands } from "./exports.ts";
import { fileCommands } from "./files.ts";
import { holdCommands } from "./holds.ts";
import { integrationCommands } from "./integrations.ts";
import { keyringCommands } from "./keyring.ts";
import { limitCommands } from "./limits.ts";
import { mailCommands } from "./mail.ts";
import { memberCommands } from "./members.ts";
import { modelCommands } from "./models.ts";
import { noticeCommands } from "./notices.ts";
import { rateCommands } from "./rates.ts";
import { retentionCommands } from "./retention.ts";
import { signInCommands } from "./sign-in.ts";
import { statusCommands } from "./status.ts";
import { subprocessorCommands } from "./subprocessors.ts";
import { termsCommands } from "./terms.ts";
import { ticketCommands } from "./tickets.ts";
import { trainerCommands } from "./trainers.ts";
import { trainingCommands } from "./trainings.ts";
import { usageCommands } from "./usage.ts";
import { zeroRetentionCommands } from "./zero-retention.ts";

const organizationInput = z.object({
  name: z.string().trim().min(1).max(120),
  "owner-email": typedEmail(),
  plan: z.enum(["free", "paid"]).default("paid"),
});

const staffRoles = Object.keys(staffPermissions) as [StaffRole, ...StaffRole[]];
/** A key of the terminal acts for the organization's founder. */
const founderPermissions = permissionsOf(rolePermissions, ["organization_admin"]);

const staffInput = z.object({
  email: typedEmail(),
  roles: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(staffRoles)).min(1)),
});

export const commands: readonly Command[] = [
  {
    name: "organization create",
    about: "Sets up an organization with a default workspace; prints the ids.",
    options: { name: required("NAME"), "owner-email": required("ADDRESS"), plan: optional("free|paid") },
    run: async (ctx, options) => {
      const { name, "owner-email": ownerEmail, plan } = parse(organizationInput, options);
      const result = await provisionOrganization(ctx, { name, ownerEmail, plan });
      return {
        result,
        lines: [`organization ${result.organizationId}`, `workspace ${result.workspaceId}`, `user ${result.userId}`],
      };
    },
  },
  {
    name: "key create",
    about:
      "Makes an API key of the organization's founder, or a service key, the workspace's own; --browser yes makes it one for web pages. Prints its id and, once, its secret.",
    options: {
      workspace: required("ID"),
      name: required("NAME"),
      scopes: optional("SCOPE,SCOPE"),
      "expires-in-days": optional("N"),
      service: optional("yes"),
      browser: optional("yes"),
    },
    run: async (ctx, options) => {
      const { organizationId, workspaceId, userId } = await workspaceById(ctx, idOf("workspace", options.workspace));
      const input = parse(createKeyInput, {
        name: options.name,
        scopes: options.scopes ?? defaultScopes(founderPermissions, options.browser === "yes"),
        expiresInDays: options["expires-in-days"] ?? "",
        isService: options.service === "yes",
        browser: options.browser === "yes",
      });
      const { id, secret } = await createKey(
        inWorkspace(inOrganization(ctx, organizationId), workspaceId),
        input,
        userId,
      );
      return { result: { id, secret }, lines: [`key ${id}`, `secret ${secret}`] };
    },
  },
  {
    name: "key revoke",
    about: "Ends a key; every process refuses it in under a second.",
    options: { id: required("ID") },
    run: async (ctx, options) => {
      const id = parse(keyId, options.id);
      const { organizationId, workspaceId } = await keyPlace(ctx, id);
      await revokeKey(inWorkspace(inOrganization(ctx, organizationId), workspaceId), { id });
      return { result: { id, revoked: true }, lines: [`revoked ${id}`] };
    },
  },
  {
    name: "staff add",
    about: `Makes somebody staff. Roles: ${staffRoles.join(", ")}.`,
    options: { email: required("ADDRESS"), roles: required("ROLE,ROLE") },
    run: async (ctx, options) => {
      const { email, roles } = parse(staffInput, options);
      const userId = await addStaff(ctx, { email, roles });
      return { result: { userId, roles }, lines: [`user ${userId}`, `roles ${roles.join(", ")}`] };
    },
  },
  ...auditCommands,
  ...fileCommands,
  ...contractCommands,
  ...deadlineCommands,
  ...exportCommands,
  ...integrationCommands,
  ...holdCommands,
  ...statusCommands,
  ...trainingCommands,
  ...keyringCommands,
  ...limitCommands,
  ...mailCommands,
  ...memberCommands,
  ...modelCommands,
  ...noticeCommands,
  ...subprocessorCommands,
  ...termsCommands,
  ...ticketCommands,
  ...rateCommands,
  ...retentionCommands,
  ...signInCommands,
  ...trainerCommands,
  ...usageCommands,
  ...zeroRetentionCommands,
  {
    name: "jobs list",
    about: "Lists background jobs that wait, run or have failed for good.",
    options: {},
    run: async (ctx) => {
      const jobs = await queuedJobs(ctx);
      const lines = jobs.map((job) =>
        `${job.id}  ${job.name}  ${job.attempts}/${job.maxAttempts}  ${job.runAt.toISOString()}  ${job.lastError ?? ""}`.trimEnd(),
      );
      return { result: jobs, lines: lines.length > 0 ? lines : ["No jobs are waiting."] };
    },
  },
  {
    name: "jobs run",
    about: "Runs a job now, in this process.",
    options: { name: required("NAME"), payload: optional("JSON") },
    run: async (ctx, options) => {
      await runJob(ctx, options.name ?? "", JSON.parse(options.payload ?? "{}"));
      return { result: { ran: options.name }, lines: [`ran ${options.name}`] };
    },
  },
  {
    name: "verify",
    about: "Checks every invariant of the house; exit code 1 and a line for each that fails.",
    options: {},
    run: async (ctx) => {
      const verdicts = await verify(ctx);
      const changed = await changedSecrets(ctx);
      const broken = verdicts.filter(({ violations }) => violations > 0);
      const lines = [
        ...changed.map((name) => `BROKEN  ${name} is not the one this database was made with`),
        ...broken.map(({ name, violations }) => `BROKEN  ${name}: ${violations} rows`),
      ];
      return {
        result: verdicts,
        failed: broken.length + changed.length > 0,
        lines: [...lines, `${verdicts.length - broken.length} of ${verdicts.length} invariants hold`],
      };
    },
  },
  {
    name: "parameters",
    about: "Prints the page of docs/ that says what becomes of each field of a request.",
    options: {},
    print: () => ({ result: parametersPage(), lines: [parametersPage().trimEnd()] }),
  },
  {
    name: "config",
    about: "Prints the table of configuration variables that the README shows.",
    options: {},
    print: () => ({ result: configurationTable(), lines: [configurationTable()] }),
  },
];
