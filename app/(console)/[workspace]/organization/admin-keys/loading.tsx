export { default } from "#app/(console)/[workspace]/organization/integrations/(list)/loading.tsx";
