CREATE TABLE "content_ends" (
	"organization_id" text,
	"day" date,
	"requests" bigint NOT NULL,
	"bytes" bigint NOT NULL,
	"oldest" timestamp with time zone NOT NULL,
	"newest" timestamp with time zone NOT NULL,
	CONSTRAINT "content_ends_pkey" PRIMARY KEY("organization_id","day")
);
