export { default } from "#app/(console)/[workspace]/organization/integrations/webhooks/(list)/loading.tsx";
