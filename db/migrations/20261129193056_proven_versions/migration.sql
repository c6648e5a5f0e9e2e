CREATE TABLE "proven_versions" (
	"version" text PRIMARY KEY,
	"begun_at" timestamp with time zone NOT NULL,
	"proven_at" timestamp with time zone,
	"scopes" integer,
	"broken" integer,
	CONSTRAINT "proven_versions_counted" CHECK (("proven_at" is null) = ("scopes" is null) and ("proven_at" is null) = ("broken" is null))
);
