import { z } from "zod";
import { grantsOf } from "#lib/domain/assistance/queries.ts";
import type { GrantView } from "#lib/domain/assistance/view.ts";
import { adminEndpoint } from "#lib/gateway/http/admin-endpoint.ts";
import type { Routes } from "#server/v1/app.ts";

const instant = z.string().nullable();

const output = z.object({
  assistance: z.array(
    z.object({
      id: z.string(),
      state: z.string().describe("`granted` once an admin has agreed, `active` once something could be read."),
      ticket_id: z.string().nullable(),
      purpose: z.string().nullable(),
      staff: z.array(z.string()).describe("The people who can read, by name."),
      files: z.array(z.object({ id: z.string(), name: z.string() })),
      requested_at: z.string(),
      agreed_at: instant,
      ends_at: instant,
      ended_at: instant,
      end_reason: z.string().nullable().describe("`expired`, `revoked` or `closed`."),
      reads: z.array(
        z.object({
          staff_name: z.string(),
          file_id: z.string(),
          first_line: z.int().describe("From 1."),
          lines: z.int(),
          read_at: z.string(),
        }),
      ),
    }),
  ),
});

const words = (at: Date | null): string | null => at?.toISOString() ?? null;

const shown = (grant: GrantView): z.input<typeof output>["assistance"][number] => ({
  id: grant.id,
  state: grant.state,
  ticket_id: grant.ticket?.id ?? null,
  purpose: grant.purpose,
  staff: grant.staff.map(({ name }) => name),
  files: grant.files,
  requested_at: grant.requestedAt.toISOString(),
  agreed_at: words(grant.agreedAt),
  ends_at: words(grant.endsAt),
  ended_at: words(grant.endedAt),
  end_reason: grant.endReason,
  reads: grant.reads.map(({ staffName, fileId, firstLine, lines, at }) => ({
    staff_name: staffName,
    file_id: fileId,
    first_line: firstLine + 1,
    lines,
    read_at: at.toISOString(),
  })),
});

const read = adminEndpoint({
  can: "privacy.read",
  summary: "What our staff were allowed to read, and every page they read. Agreeing to it takes a person.",
  output,
  run: async (ctx) => ({ assistance: (await grantsOf(ctx)).map(shown) }),
});

export function adminStaffAccess(routes: Routes): void {
  routes.get("/v1/admin/staff-access", read);
}
