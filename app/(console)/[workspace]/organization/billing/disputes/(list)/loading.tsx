export { default } from "#app/(console)/[workspace]/organization/billing/(overview)/loading.tsx";
