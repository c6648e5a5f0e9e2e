CREATE TABLE "attestations" (
	"subject" text,
	"attested_at" timestamp with time zone,
	"attested_by" text NOT NULL,
	"note" text NOT NULL,
	"valid_until" timestamp with time zone NOT NULL,
	CONSTRAINT "attestations_pkey" PRIMARY KEY("subject","attested_at"),
	CONSTRAINT "attestations_year" CHECK ("valid_until" > "attested_at" and "valid_until" <= "attested_at" + interval '366 days'),
	CONSTRAINT "attestations_subject" CHECK ("subject" in ('swap-encryption', 'database-logs', 'backups'))
);
--> statement-breakpoint
CREATE TABLE "readiness_checks" (
	"place" text PRIMARY KEY,
	"checked_at" timestamp with time zone NOT NULL,
	"lines" jsonb NOT NULL
);
--> statement-breakpoint
GRANT SELECT ON "attestations", "readiness_checks" TO comptoir_tenant;
