module syncmap

go 1.25
