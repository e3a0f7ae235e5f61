module ordinal/sayings

go 1.26
