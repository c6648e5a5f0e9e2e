-- What was written to a person is theirs to read wherever they are in the console, also from an organization they left.
DROP POLICY tenant ON letters;
--> statement-breakpoint
SELECT protect_table('letters', $$organization_id IS NULL OR user_id = nullif(current_setting('app.person', true), '')$$);
