module gotorust

go 1.25
