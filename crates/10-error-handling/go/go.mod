module error-handling

go 1.25
