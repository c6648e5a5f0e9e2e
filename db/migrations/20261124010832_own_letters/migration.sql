-- Whoever causes a letter about somebody's own account may write it; only its reader, and who handles letters, may see it.
DROP POLICY tenant ON letters;
--> statement-breakpoint
CREATE POLICY tenant ON letters TO comptoir_tenant
  USING ((SELECT reaches_all()) OR organization_id = ANY ((SELECT reachable_organizations())::text[])
    OR user_id = nullif(current_setting('app.person', true), ''))
  WITH CHECK ((SELECT reaches_all()) OR organization_id IS NULL OR organization_id = ANY ((SELECT reachable_organizations())::text[])
    OR user_id = nullif(current_setting('app.person', true), ''));
