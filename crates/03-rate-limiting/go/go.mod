module ratelimiting

go 1.25
