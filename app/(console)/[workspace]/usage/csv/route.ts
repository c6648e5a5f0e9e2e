import { answer } from "#app/(console)/[workspace]/usage/file.ts";

export const GET = answer("csv");
