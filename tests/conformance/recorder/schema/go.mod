module ordinal/schema

go 1.26
