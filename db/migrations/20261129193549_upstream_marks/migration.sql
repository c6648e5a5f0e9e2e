CREATE TABLE "upstream_marks" (
	"upstream" text PRIMARY KEY,
	"since" text NOT NULL,
	"basis" text NOT NULL,
	"models" text[] NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	"lost_at" timestamp with time zone
);
