import { answer } from "#app/(console)/[workspace]/organization/billing/invoices/file.ts";

export const GET = answer("csv");
