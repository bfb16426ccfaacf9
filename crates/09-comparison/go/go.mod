module comparison

go 1.25
