CREATE TABLE "status_subscribers" (
	"id" text PRIMARY KEY,
	"email" text NOT NULL,
	"components" text[],
	"hash" text NOT NULL UNIQUE,
	"created_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "status_tellings" (
	"about_id" text,
	"number" integer,
	"subscribers_to" text,
	"organizations_to" text,
	"at" timestamp with time zone NOT NULL,
	"done_at" timestamp with time zone,
	CONSTRAINT "status_tellings_pkey" PRIMARY KEY("about_id","number")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "status_subscribers_email" ON "status_subscribers" ("email") WHERE "confirmed_at" is not null;--> statement-breakpoint
CREATE INDEX "status_subscribers_waiting" ON "status_subscribers" ("created_at") WHERE "confirmed_at" is null;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "status_subscribers" TO comptoir_tenant;
