module hibernation

go 1.25
