module cancellation

go 1.25
